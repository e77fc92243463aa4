import type { Entry } from './entry.ts'

/** What waits for the next commit. */
export interface Inbox<State, Subject extends string> {
  put(entry: Entry<State, Subject>): void
  /** Its commit was refused: it is folded again after the rest that follows. */
  hold(entries: readonly Entry<State, Subject>[]): void
  /** Takes all entries out; held ones stay there during a rest. */
  take(isResting: boolean): readonly Entry<State, Subject>[]
  /** True: nothing has come since the last `take`. */
  isEmpty(): boolean
}

export function emptyInbox<State, Subject extends string>(): Inbox<State, Subject> {
  let entries: Entry<State, Subject>[] = []
  let held: readonly Entry<State, Subject>[] = []
  return {
    put: (entry) => void entries.push(entry),
    hold(more) {
      held = [...held, ...more]
    },
    take(isResting) {
      const taken = isResting ? entries : [...held, ...entries]
      if (!isResting) held = []
      entries = []
      return taken
    },
    isEmpty: () => entries.length === 0,
  }
}
