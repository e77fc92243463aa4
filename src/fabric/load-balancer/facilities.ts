import type { Clock } from '../../machine/facilities.ts'
import type { DataPlane, Look } from '../contract/data-plane.ts'
import type { RotationReport, RotationTable } from '../contract/rotation.ts'

/** The balancer's effects on the world. */
export interface BalancerFacilities {
  readonly plane: DataPlane
  readonly look: Look
  /** Writes the copy that is served after a restart. A failure is logged, and the copy stays as it was. */
  readonly save: (table: RotationTable) => void
  /** False when no controller took it. */
  report(report: RotationReport): Promise<boolean>
  readonly clock: Clock
}
