import type { Socket } from 'node:net'
import type { ChooseMember } from '../../../fabric/contract/data-plane.ts'
import type { KnownPorts } from '../../ports/held-ports.ts'
import type { InFlight } from './in-flight.ts'
import type { ProxyLimits } from './limits.ts'
import type { MemberPool } from './member-pool.ts'
import type { Owners } from './owners.ts'
import type { RareLog } from './rare-log.ts'
import type { ReadBuffers } from './read-buffers.ts'
import type { Route } from './route.ts'
import type { Silences } from './silences.ts'
import type { Streams } from './streams.ts'

/** What every connection of one proxy shares. */
export interface ProxyParts {
  readonly choose: ChooseMember
  readonly pool: MemberPool
  readonly inFlight: InFlight
  readonly streams: Streams
  readonly owners: Owners
  readonly log: RareLog
  readonly silences: Silences
  readonly limits: ProxyLimits
  readonly buffers: ReadBuffers
  readonly held: KnownPorts
  /** Counts a client connection until it closes; false when there are too many. */
  readonly admit: (client: Socket) => boolean
  /** Notes the route that a client has named on a shared port, so that access rules reach it there too. */
  readonly led: (client: Socket, route: Route) => void
}
