import type { Instant } from '../../kernel/instant.ts'
import type { RootLetter } from '../contract/guest-paths.ts'
import { emptyMemory, type Memory } from './state.ts'

/** The state that an agent leaves to the next one. */
export interface Remembered {
  /** The process of WaAppAgent: another one is another start of the guest. */
  readonly guest: unknown
  readonly memory: Memory
}

/**
 * What an agent remembers. A stack of an earlier start of the guest ended with it. The role roots are still there, unless their
 * drives were recreated: `isWhole` looks, and a root not known to be whole is a leftover. Documents are written anew at each
 * start of the guest (S-8), and their numbers continue.
 */
export function recall(
  remembered: Remembered | undefined,
  guest: unknown,
  now: Instant,
  isWhole: (letter: RootLetter) => boolean,
): Memory {
  if (!remembered) return emptyMemory(now)
  const { guest: before, memory } = remembered
  const found = (letter: RootLetter) => (isWhole(letter) ? (memory.drives[letter] ?? 'leftover') : 'leftover')
  const drives = { E: found('E'), F: found('F') }
  if (JSON.stringify(before) === JSON.stringify(guest)) return { ...memory, drives }
  const { prepared } = memory
  return {
    ...emptyMemory(now),
    drives,
    prepared: prepared && { incarnation: 0, environment: { ...prepared.environment, text: '' } },
  }
}
