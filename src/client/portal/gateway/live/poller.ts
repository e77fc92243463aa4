import { setTimeout as delay } from 'node:timers/promises'
import type { ApiLink } from '../api-link.ts'
import { pauseAfter } from './pace.ts'

/** Pause after a question that was not answered. */
const awayPollMs = 250

/** How long an answer may take before the API counts as away. Origin: choice; a controller that is killed is back within a second or two. */
const silentMs = 2_000

/** What the API answered to a path. */
export interface PathAnswer {
  readonly status: number
  readonly text: string
}

/** Who wants to know about a path. */
export interface Watcher {
  changed(path: string, answer: PathAnswer): void
  /** The API does not answer. */
  away(): void
}

export interface Poller {
  /** Tells what is known, and whatever changes. The answer ends it. */
  watch(watcher: Watcher): () => void
  /** Has it asked again at once. */
  wake(): void
}

/** Asks for one path of the API while anybody watches it; `changed` is called when there is something else than before, `ended` when nobody watches any more. */
export function openPoller(
  path: string,
  link: ApiLink,
  { changed, ended }: { changed(): void; ended(): void },
): Poller {
  const watchers = new Set<Watcher>()
  const over = new AbortController()
  let known: PathAnswer | undefined
  let changedAt = performance.now()
  let isAway = false
  let pause = new AbortController()

  function heard(answer: PathAnswer): void {
    // RDFE answers so when its controller does not.
    if (answer.status === 503) return lost()
    const isNew = isAway || answer.status !== known?.status || answer.text !== known.text
    isAway = false
    if (!isNew) return
    const isFirst = known === undefined
    known = answer
    changedAt = performance.now()
    for (const watcher of watchers) watcher.changed(path, answer)
    if (!isFirst) changed()
  }

  function lost(): void {
    if (isAway || over.signal.aborted) return
    isAway = true
    for (const watcher of watchers) watcher.away()
  }

  async function ask(): Promise<void> {
    const silence = setTimeout(lost, silentMs)
    try {
      heard(await link.get(path, over.signal))
    } catch {
      lost()
    } finally {
      clearTimeout(silence)
    }
  }

  async function run(): Promise<void> {
    while (!over.signal.aborted) {
      await ask()
      pause = new AbortController()
      const pauseMs = isAway ? awayPollMs : pauseAfter(path, known?.text ?? '', performance.now() - changedAt)
      const signal = AbortSignal.any([pause.signal, over.signal])
      await delay(pauseMs, undefined, { signal }).catch(() => {})
    }
  }

  return {
    watch(watcher) {
      watchers.add(watcher)
      if (isAway) watcher.away()
      else if (known) watcher.changed(path, known)
      if (watchers.size === 1 && known === undefined) void run()
      return () => {
        watchers.delete(watcher)
        if (watchers.size > 0) return
        over.abort()
        ended()
      }
    },
    wake: () => pause.abort(),
  }
}
