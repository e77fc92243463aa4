import type { ServerResponse } from 'node:http'
import { type LiveChange, liveEvents } from '../../protocol.ts'
import type { PathAnswer } from './poller.ts'

/** A comment this often shows proxies and browsers that the stream lives, and shows us when it does not. */
const commentMs = 15_000

/** One stream of server-sent events. */
export interface Stream {
  changed(path: string, answer: PathAnswer): void
  /** The API does not answer: said once, until something is known again. */
  away(): void
  end(): void
}

/** Begins a stream. A reader that is slow gets the newest state of each path, not every one: nothing piles up here. */
export function openStream(response: ServerResponse): Stream {
  const waiting = new Map<string, PathAnswer>()
  let isAway = false
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(': begins\n\n')

  function flush(): void {
    if (response.writableEnded) return
    for (const [path, { status, text }] of waiting) {
      if (response.writableNeedDrain) return
      waiting.delete(path)
      const change: LiveChange = { path, status, text }
      response.write(`event: ${liveEvents.changed}\ndata: ${JSON.stringify(change)}\n\n`)
    }
  }

  const comment = setInterval(() => response.writableNeedDrain || response.write(':\n\n'), commentMs)
  response.on('drain', flush)
  response.once('close', () => clearInterval(comment))

  return {
    changed(path, answer) {
      isAway = false
      waiting.set(path, answer)
      flush()
    },
    away() {
      if (isAway || response.writableEnded) return
      isAway = true
      // What is still to be read is older.
      response.write(`event: ${liveEvents.away}\ndata: {}\n\n`)
    },
    end() {
      clearInterval(comment)
      // Who does not read would never come to the end.
      if (response.writableNeedDrain) response.destroy()
      else response.end()
    },
  }
}
