import type { FabricState } from '../state/state.ts'

/**
 * Whether the reports of a run of a Host Agent make sense: it has registered with this run of the controller, and the host has
 * not been given up since. Others register first, and then tell everything.
 */
export function isKnownHost({ observed, stored }: FabricState, host: string, agentRun: string): boolean {
  return observed.heard.has(host) && !observed.lost.has(host) && stored.host.get(host)?.agentRun === agentRun
}
