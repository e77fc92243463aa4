import type { ServerResponse } from 'node:http'

/** Holds an answer back, from its first byte on, until the changes that it may report are saved. `failed` is called instead when they cannot be. */
export function holdAnswer(
  answer: ServerResponse,
  saved: () => Promise<void> | undefined,
  failed: (error: unknown) => void,
): void {
  const held: (() => void)[] = []
  const { write, end } = answer
  let state: 'untouched' | 'held' | 'free' = 'untouched'

  function free(): void {
    state = 'free'
    Object.assign(answer, { write, end })
    for (const send of held) send()
    // A writer that was asked to wait may continue.
    answer.emit('drain')
  }

  /** False while it is held. */
  function pass(send: () => void): boolean {
    if (state === 'untouched') {
      const saving = saved()
      state = saving ? 'held' : 'free'
      saving?.then(free, failed)
    }
    if (state === 'held') held.push(send)
    else send()
    return state === 'free'
  }

  type Arguments = readonly unknown[]
  Object.assign(answer, {
    write: (...given: Arguments) => pass(() => void Reflect.apply(write, answer, given)),
    end(...given: Arguments) {
      pass(() => void Reflect.apply(end, answer, given))
      return answer
    },
  })
}
