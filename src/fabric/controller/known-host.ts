import type { FabricState } from './state.ts'

/** Whether a host's reports make sense: it has registered with this run of the controller, and not been given up since. Others register first, and then tell everything. */
export function isKnownHost({ observed }: FabricState, host: string): boolean {
  return observed.heard.has(host) && !observed.lost.has(host)
}
