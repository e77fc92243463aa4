import type { Instant } from '../../kernel/instant.ts'
import { emptyMemory, type Memory } from './state.ts'

interface Remembered {
  /** The process of WaAppAgent: another one is another start of the guest. */
  readonly guest: unknown
  readonly memory: Memory
}

/** What an agent remembers. A stack of an earlier start of the guest has gone with it; the role root and the documents are still there. */
export function recall(text: string | undefined, guest: unknown, now: Instant): Memory {
  if (text === undefined) return emptyMemory(now)
  const { guest: before, memory } = JSON.parse(text) as Remembered
  if (JSON.stringify(before) === JSON.stringify(guest)) return memory
  return { ...emptyMemory(now), prepared: memory.prepared }
}
