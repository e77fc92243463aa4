import type { Clock } from '../../machine/facilities.ts'
import type { DataPlane, Look } from '../contract/data-plane.ts'
import type { RotationReport, RotationTable } from '../contract/rotation.ts'

/** What the balancer acts on. */
export interface BalancerFacilities {
  readonly plane: DataPlane
  readonly look: Look
  /** Writes the copy that is served after a restart; what goes wrong is logged, and the copy stays as it was. */
  readonly save: (table: RotationTable) => void
  /** False when no controller took it. */
  report(report: RotationReport): Promise<boolean>
  readonly clock: Clock
}
