import type { Candidate } from '../../package-store/package-peers.ts'
import type { FabricState } from '../state/state.ts'

/** The other machines that may become master, whether they are heard or not; none in a fabric of one machine. */
export function candidatesOf({ facts }: FabricState): readonly Candidate[] {
  return facts.machine === undefined ? [] : (facts.candidates ?? [])
}
