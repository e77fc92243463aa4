import { tmpdir } from 'node:os'
import { fine, type Result } from '../../kernel/fault.ts'
import type { Finding } from '../../service-model/findings/finding.ts'
import { packageFindings } from '../../service-model/findings/package.ts'
import type { ServiceModel } from '../../service-model/service-model.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { readPackage } from './read-package.ts'

/** A package as its owner may look at it before it is deployed. */
interface ExaminedPackage {
  readonly model: ServiceModel
  readonly sha256: string
  readonly warnings: readonly string[]
  /** What will happen to everything that it asks for. */
  readonly findings: readonly Finding[]
}

/** Reads a package as a fabric does, stores nothing of it, and reports what will happen to everything that it asks for. `signal` ends it. Faults as `readPackage`. */
export async function examinePackage(file: string, signal?: AbortSignal): Promise<Result<ExaminedPackage>> {
  using quarantine = temporaryDirectory(tmpdir())
  const read = await readPackage(file, { quarantine: quarantine.path, verifiesOnly: true, signal })
  if (!read.ok) return read
  const { model, sha256, report, findings } = read.value
  return fine({ model, sha256, warnings: report.warnings, findings: [...packageFindings(model), ...findings] })
}
