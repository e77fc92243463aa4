export interface StopSignals {
  /** Aborts when the fabric is to stop. */
  readonly asked: AbortSignal
  /** Aborts when the user does not want to wait for that. */
  readonly insisted: AbortSignal
}

/** npm passes on a signal that the terminal has already sent to everyone: signals this soon after the first count as the first. */
const sameSignalMs = 500

/** Listens from now on: SIGINT, SIGTERM and SIGHUP ask, a second SIGINT or SIGTERM insists. A terminal that closes may send SIGHUP several times, and never insists. */
export function askedToStop(): StopSignals {
  const asked = new AbortController()
  const insisted = new AbortController()
  let first = 0
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (!asked.signal.aborted) {
        first = performance.now()
        asked.abort(new Error('Stopped before it was up.'))
      } else if (signal !== 'SIGHUP' && performance.now() - first >= sameSignalMs) insisted.abort()
    })
  return { asked: asked.signal, insisted: insisted.signal }
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
