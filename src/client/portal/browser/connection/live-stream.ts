import type { Result } from '../../../../kernel/fault.ts'

/** What the gateway says of one path of the API, as it is now. */
export interface Seen {
  /** Path and query behind the subscription. */
  readonly path: string
  readonly status: number
  readonly text: string
  /** What the text says, where another thread has read it already. */
  readonly read?: Result<unknown> | undefined
}

export interface LiveStream {
  /** Watches a path until the answer is called. */
  watch(path: string): () => void
}

interface Told {
  seen(seen: Seen): void
  /** Nobody watches the path any more: what was seen of it may no longer be so. */
  forgotten(path: string): void
  /** Whether the fabric answers. */
  reached(isReached: boolean): void
  /** The stream was refused, as it is without a session. */
  refused(): void
}

/** How long paths are collected before the stream is opened anew, in milliseconds: pages mount their parts one after another. */
const gatherMs = 20

/** One stream of server-sent events for all paths that are watched; none while nobody looks at the page. It connects again by itself. */
export function openLiveStream({ seen, forgotten, reached, refused }: Told): LiveStream {
  const watchers = new Map<string, number>()
  const known = new Set<string>()
  let source: EventSource | undefined
  let opened = ''
  let timer: ReturnType<typeof setTimeout> | undefined

  function open() {
    timer = undefined
    for (const path of known) if (!watchers.has(path) && known.delete(path)) forgotten(path)
    const paths = document.hidden ? [] : [...watchers.keys()].sort()
    const query = new URLSearchParams(paths.map((path) => ['path', path])).toString()
    if (query === opened && source?.readyState !== EventSource.CLOSED) return
    source?.close()
    source = undefined
    opened = query
    if (query === '') return
    const next = new EventSource(`/live?${query}`)
    next.addEventListener('changed', ({ data }: MessageEvent<string>) => {
      reached(true)
      const change = JSON.parse(data) as Seen
      known.add(change.path)
      seen(change)
    })
    next.addEventListener('away', () => reached(false))
    next.addEventListener('error', () => {
      reached(false)
      // A refusal ends a stream for good; what it was for is asked for again.
      if (next.readyState !== EventSource.CLOSED || source !== next) return
      refused()
      timer ??= setTimeout(open, retryMs)
    })
    source = next
  }

  function settle() {
    timer ??= setTimeout(open, gatherMs)
  }

  document.addEventListener('visibilitychange', settle)
  return {
    watch(path) {
      watchers.set(path, (watchers.get(path) ?? 0) + 1)
      settle()
      return () => {
        const left = (watchers.get(path) ?? 1) - 1
        if (left > 0) watchers.set(path, left)
        else watchers.delete(path)
        settle()
      }
    },
  }
}

/** Pause before a refused stream is opened again, in milliseconds. */
const retryMs = 2_000
