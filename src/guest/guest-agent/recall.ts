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
 * What the former agent has written down; undefined in a new guest. A machine that lost its power may have left half of it, or nothing: then as little is
 * known as of an earlier start of the guest.
 */
export function rememberedIn(text: string | undefined, now: Instant): Remembered | undefined {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as Remembered
  } catch {
    return { guest: undefined, memory: emptyMemory(now) }
  }
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
