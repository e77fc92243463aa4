import type { Candidate } from '../../package-store/package-peers.ts'
import type { FabricState } from '../state/state.ts'

/** Name of the master's machine; undefined in a fabric of one machine. */
export function ownMachine({ facts }: FabricState): string | undefined {
  return facts.cluster?.machine
}

/** The other machines that may become master, whether they are heard or not; none in a fabric of one machine. */
export function candidatesOf({ facts: { cluster }, stored, observed }: FabricState): readonly Candidate[] {
  if (!cluster) return []
  return [...stored.machine.values()]
    .filter(({ name, controller }) => controller && name !== cluster.machine)
    .map(({ name, address }) => ({
      name,
      controllerUrl: `https://${address}:${cluster.ports.controller}`,
      lives: !observed.lost.has(name),
    }))
}
