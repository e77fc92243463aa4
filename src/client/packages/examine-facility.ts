import type { Result } from '../../kernel/fault.ts'
import type { Finding } from '../../service-model/findings/finding.ts'
import type { ServiceModel } from '../../service-model/service-model.ts'

/** Reads a package, and says what becomes of all that it asks for; `main.ts` brings the machine's. `signal` ends it. */
export type Examine = (file: string, signal?: AbortSignal) => Promise<Result<Examined>>

export interface Examined {
  readonly model: ServiceModel
  readonly sha256: string
  readonly warnings: readonly string[]
  readonly findings: readonly Finding[]
}

/** Writes a package with overlays to `out`, and says what they cannot hold; `main.ts` brings the machine's. */
export type LayOver = (
  packageFile: string,
  overlays: readonly string[],
  out: string,
) => Promise<Result<readonly string[]>>
