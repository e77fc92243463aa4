import type { GuestDocuments } from '../../guest/contract/guest-documents.ts'
import type { Health } from '../../guest/contract/health.ts'
import type { RoleProperties } from '../../guest/contract/role-properties.ts'

/** The code behind the wire server of one guest. */
export interface WireDesk {
  /** Undefined while the container is being set up. */
  documents(): GuestDocuments | undefined
  /** The guest has requested its goal state; `agent` is the name that it uses. */
  polled(agent: string | undefined): void
  /**
   * Takes a report and resolves with the newest incarnation when it may be answered: when the incarnation differs from the
   * guest's (the report's, when it states none), at the latest after `waitMs`; a report that leaves Ready when the instance is
   * out of rotation.
   */
  reported(report: Health, waitMs: number, inHand?: number): Promise<number>
  properties(properties: RoleProperties): void
}
