import type { Instant } from '../../kernel/instant.ts'
import { type BootstrapperExit, startFailedCode } from '../bootstrapper/protocol.ts'

/** How a host stack ended: its exit file knows it best; a killed stack could leave none. */
export function stackExit(
  left: BootstrapperExit | undefined,
  exit: { readonly code: number | null; readonly signal: string | null },
  now: Instant,
): BootstrapperExit {
  if (left) return left
  const how = exit.signal
    ? `was ended by ${exit.signal}`
    : `ended${exit.code === null ? '' : ` with exit code ${exit.code}`}`
  return { why: 'failed', code: exit.code ?? startFailedCode, at: now, activity: `WaHostBootstrapper ${how}` }
}
