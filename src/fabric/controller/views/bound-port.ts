import { own } from '../../../kernel/own.ts'
import { reportsThatCount } from '../rotation/balancers.ts'
import type { FabricState } from '../state/state.ts'

/**
 * The port at which a public endpoint really answers, as the balancers report it (design.md 5); until then the requested one. At a VIP of its own no
 * port moves; where several balancers on loopback differ, it is that of the first by name.
 */
export function boundPort(state: FabricState, endpointId: string, asked: number): number {
  return (
    reportsThatCount(state)
      .map(({ boundPorts }) => own(boundPorts, endpointId))
      .find((port) => port !== undefined) ?? asked
  )
}
