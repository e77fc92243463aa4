import type { FabricState } from '../state/state.ts'

/** The port at which a public endpoint really answers, as the balancer reports it (design.md 5); until then the requested one. */
export function boundPort(state: FabricState, endpointId: string, asked: number): number {
  return state.observed.balancer.report?.boundPorts[endpointId] ?? asked
}
