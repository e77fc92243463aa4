import type { Candidate } from '../../package-store/package-peers.ts'
import type { FabricState } from '../state/state.ts'

/** The other machines that may become master, whether they are heard or not; none in a fabric of one machine. */
export function candidatesOf({ facts, stored, observed }: FabricState): readonly Candidate[] {
  const { cluster } = facts
  if (!cluster) return facts.machine === undefined ? [] : (facts.candidates ?? [])
  return [...stored.machine.values()]
    .filter(({ name, controller }) => controller && name !== cluster.machine)
    .map(({ name, address }) => ({
      name,
      controllerUrl: `https://${address}:${cluster.ports.controller}`,
      lives: !observed.lost.has(name),
    }))
}
