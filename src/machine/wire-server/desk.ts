import type { GuestDocuments } from '../../guest/contract/guest-documents.ts'
import type { Health } from '../../guest/contract/health.ts'
import type { RoleProperties } from '../../guest/contract/role-properties.ts'

/** Who stands behind the wire server of one guest. */
export interface WireDesk {
  /** Undefined while the container is being set up. */
  documents(): GuestDocuments | undefined
  /** The guest has asked for its goal state; `agent` is what it calls itself. */
  polled(agent: string | undefined): void
  /**
   * Takes a report in and resolves with the newest incarnation when it may be answered: when the incarnation is another than
   * the guest has in hand (the report's, when it does not say), at the latest after `waitMs`; a report that leaves Ready when
   * the instance is out of rotation.
   */
  reported(report: Health, waitMs: number, inHand?: number): Promise<number>
  properties(properties: RoleProperties): void
}
