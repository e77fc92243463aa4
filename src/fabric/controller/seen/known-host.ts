import type { FabricState } from '../state/state.ts'

/**
 * Whether reports of a run of a Host Agent can be used: it has registered with this run of the controller, and the host was not declared lost since.
 * Others register first, and then report everything.
 */
export function isKnownHost({ observed, stored }: FabricState, host: string, agentRun: string): boolean {
  return observed.heard.has(host) && !observed.lost.has(host) && stored.host.get(host)?.agentRun === agentRun
}
