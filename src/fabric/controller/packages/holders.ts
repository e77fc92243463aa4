import type { Candidate } from '../../package-store/package-peers.ts'
import type { FabricState } from '../state/state.ts'
import { candidatesOf, ownMachine } from './candidates.ts'

/** How many machines hold a package, so that the loss of one loses none (several-machines.md). */
const copies = 2

/** The machines that hold a package, as far as they are still in the fabric; one that is away holds it still. */
export function holdersOf(state: FabricState, sha256: string): ReadonlySet<string> {
  const known = new Set([ownMachine(state), ...candidatesOf(state).map(({ name }) => name)])
  return new Set((state.stored.package.get(sha256)?.holders ?? []).filter((name) => known.has(name)))
}

/** Whether this machine, the master, has the package. */
export function isHere(state: FabricState, sha256: string): boolean {
  const machine = ownMachine(state)
  return machine === undefined || holdersOf(state, sha256).has(machine)
}

/** Candidates that are heard and hold the package. */
export function giversOf(state: FabricState, sha256: string): readonly Candidate[] {
  const holders = holdersOf(state, sha256)
  return candidatesOf(state).filter(({ name, lives }) => lives && holders.has(name))
}

/** Candidates that are heard, those that hold the fewest packages first. */
export function readyToHold(state: FabricState): readonly Candidate[] {
  const living = candidatesOf(state).filter(({ lives }) => lives)
  if (living.length < 2) return living
  const counts = new Map<string, number>()
  for (const { holders = [] } of state.stored.package.values())
    for (const name of holders) counts.set(name, (counts.get(name) ?? 0) + 1)
  const countOf = ({ name }: Candidate) => counts.get(name) ?? 0
  return living.toSorted((one, other) => countOf(one) - countOf(other) || (one.name < other.name ? -1 : 1))
}

/** Candidates that are to get the package, because too few machines have it. */
export function takersOf(state: FabricState, sha256: string): readonly Candidate[] {
  const holders = holdersOf(state, sha256)
  return holders.size >= copies ? [] : readyToHold(state).filter(({ name }) => !holders.has(name))
}
