import type { Result } from '../../../../kernel/fault.ts'
import { isLargeAt } from './large-documents.ts'
import type { Seen } from './live-stream.ts'

/** What the reading thread is asked. */
export interface Asked {
  /** Counts what has been seen. */
  readonly number: number
  readonly path: string
  readonly text: string
}

export interface Told {
  readonly number: number
  /** Undefined where it has no document for the path: then the page reads it. */
  readonly read: Result<unknown> | undefined
}

/** From this many characters on, to read an answer can take longer than a frame of the page. Origin: measured, a hundred instances. */
const largeFrom = 50_000

export interface Reader {
  read(seen: Seen): void
  /** Nobody waits for it any more. */
  forget(path: string): void
}

/** Takes what is seen in order, large answers when another thread has read them. Where there is no such thread, the page reads them. */
export function openReader(take: (seen: Seen) => void): Reader {
  const waiting = new Map<number, Seen>()
  /** By path, the number of what was taken last: what is slower than its successor is dropped. */
  const taken = new Map<string, number>()
  let count = 0
  let isOff = false
  let thread: Worker | undefined

  function takeInOrder(number: number, seen: Seen) {
    waiting.delete(number)
    if ((taken.get(seen.path) ?? 0) > number) return
    taken.set(seen.path, number)
    take(seen)
  }

  function openThread(): Worker {
    const opened = new Worker(new URL('./reading-thread.ts', import.meta.url), { type: 'module' })
    opened.addEventListener('message', ({ data: { number, read } }: MessageEvent<Told>) => {
      const seen = waiting.get(number)
      if (seen) takeInOrder(number, { ...seen, read })
    })
    opened.addEventListener('error', () => {
      isOff = true
      for (const [number, seen] of waiting) takeInOrder(number, seen)
    })
    return opened
  }

  return {
    read(seen) {
      const number = ++count
      const { path, text } = seen
      if (isOff || text.length < largeFrom || seen.status >= 400 || !isLargeAt(path)) return takeInOrder(number, seen)
      waiting.set(number, seen)
      thread ??= openThread()
      const asked: Asked = { number, path, text }
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has none.
      thread.postMessage(asked)
    },
    forget(path) {
      for (const [number, seen] of waiting) if (seen.path === path) waiting.delete(number)
      taken.delete(path)
    },
  }
}
