import { party } from '../../contract/paths.ts'
import { restoration } from '../seen/unknown.ts'
import type { FabricState } from '../state/state.ts'
import { machineNamed } from './find-machine.ts'

/** Whose certificate the authority has signed. */
export interface Signed {
  /** Common name. */
  readonly name: string
  /** SHA-256, lower-case hexadecimal digits. */
  readonly fingerprint: string
  /** When it was signed, in milliseconds. */
  readonly signedAt: number
}

const prefixes = [party.machinePrefix, party.hostPrefix, party.loadBalancerPrefix]

/**
 * Whether a certificate is in force: it stands in the records of a machine. After a restore also one that a machine of the records got between the
 * backup and the restore, of which the records cannot know; the machine asks for others then, which they know.
 */
export function isBelieved(state: FabricState, { name, fingerprint, signedAt }: Signed): boolean {
  if (state.derived.fingerprints.has(fingerprint)) return true
  const restored = restoration(state)
  const prefix = prefixes.find((one) => name.startsWith(one))
  if (!restored || prefix === undefined) return false
  const machine = machineNamed(state, name.slice(prefix.length))
  const [from, to] = [restored.takenAt, restored.restoredAt].map((moment) => Date.parse(moment)) as [number, number]
  return machine !== undefined && machine.joinedAt <= to && signedAt >= from && signedAt <= to
}
