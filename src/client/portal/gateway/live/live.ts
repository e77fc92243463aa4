import { mostLivePaths } from '../../protocol.ts'
import type { ApiLink } from '../api-link.ts'
import { apiTarget } from '../api-target.ts'
import type { SignedInExchange } from '../exchange.ts'
import { Refusal } from '../refusal.ts'
import type { Sessions } from '../sessions.ts'
import { isStepwise } from './pace.ts'
import { openPoller, type Poller, type Watcher } from './poller.ts'
import { openStream } from './stream.ts'

/** Most live streams, and most paths that are asked for, in all. Origin: choice. */
const mostStreams = 128
const mostPolled = 512

/** Watches the API for pages: one poller a path, for all streams of all sessions. */
export interface Live {
  /** Answers with server-sent events until the caller or the session ends. */
  serve(exchange: SignedInExchange): void
  /** Asks for everything again at once: somebody has changed something. */
  wake(): void
}

export function openLive(link: ApiLink, sessions: Sessions): Live {
  const pollers = new Map<string, Poller>()
  let streams = 0

  function wake(except?: string): void {
    for (const [path, poller] of pollers) if (path !== except) poller.wake()
  }

  function pollerOf(path: string): Poller {
    const found = pollers.get(path)
    if (found) return found
    const made = openPoller(path, link, {
      changed() {
        // A step of an update, or the end of an operation, has changed other things too.
        if (isStepwise(path)) wake(path)
      },
      ended: () => pollers.delete(path),
    })
    pollers.set(path, made)
    return made
  }

  /** Each path as it was written, with the path that the API is asked for. */
  function targetsOf(asked: readonly string[]): readonly (readonly [asked: string, path: string])[] {
    const distinct = [...new Set(asked)]
    if (distinct.length === 0 || distinct.length > mostLivePaths)
      throw new Refusal(400, `A stream is for 1 to ${mostLivePaths} paths.`)
    const targets = distinct.map((path) => [path, apiTarget('GET', path)] as const)
    if (pollers.size + targets.length > mostPolled) throw tooMany()
    return targets
  }

  return {
    wake: () => wake(),
    serve({ response, query, session, gone }) {
      // Nothing tells of its end any more.
      if (gone.aborted) return
      const targets = targetsOf(query.getAll('path'))
      const release = streams < mostStreams ? sessions.beginStream(session) : undefined
      if (!release) throw tooMany()
      streams += 1
      const stream = openStream(response)
      const ends = targets.map(([asked, path]) => {
        const watcher: Watcher = {
          changed: (_path, answer) => stream.changed(asked, answer),
          away: () => stream.away(),
        }
        return pollerOf(path).watch(watcher)
      })
      const end = () => stream.end()
      session.ended.addEventListener('abort', end)
      response.once('close', () => {
        session.ended.removeEventListener('abort', end)
        for (const endWatch of ends) endWatch()
        streams -= 1
        release()
      })
    },
  }
}

function tooMany(): Refusal {
  return new Refusal(503, 'Too many live streams are open. Close other windows of the portal.')
}
