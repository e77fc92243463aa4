import { useCallback, useEffect, useRef, useState } from 'react'
import type { Slot } from '../../../service-management/answers.ts'
import { ApiRefusal } from '../../../service-management/api.ts'
import type { AskForLog } from '../../../service-management/log-pieces.ts'
import type { ServiceManagement } from '../../../service-management/service-management.ts'
import { useManagement } from '../connection/connection.tsx'
import { Unanswered } from '../connection/gateway-api.ts'
import { followLog, loadOlder, type Piece, type ShownLog } from './follow-log.ts'

/** An instance of a deployment, as an address of the portal names it. */
export interface InstancePlace {
  readonly service: string
  readonly slot: Slot
  readonly instance: string
}

/** How often a log is asked for more, in milliseconds: as `reddog logs --follow` does. */
const pollMs = 500
/** Pause before a question is asked again that was not answered, in milliseconds. */
const retryMs = 2_000

interface FollowedLog {
  /** Undefined until something of it was read. */
  readonly shown: ShownLog | undefined
  /** Why it cannot be read, or not at the moment, in the API's words. */
  readonly failure: string | undefined
  readonly isLoadingOlder: boolean
  loadOlder(): void
}

/** A log, followed while the page is visible and `isPaused` is false. */
export function useLog({ service, slot, instance }: InstancePlace, name: string, isPaused: boolean): FollowedLog {
  const management = useManagement()
  const [shown, setShown] = useState<ShownLog>()
  const [failure, setFailure] = useState<string>()
  const [isLoadingOlder, setIsLoadingOlder] = useState(false)
  const paused = useRef(isPaused)
  useEffect(() => {
    paused.current = isPaused
  }, [isPaused])

  useEffect(() => {
    const over = new AbortController()
    const more = async () => {
      do await delay(pollMs, over.signal)
      while (document.hidden || paused.current)
    }
    const ask = patient(askFor(management, { service, slot, instance }), over.signal, setFailure)
    const tell = (change: (shown: ShownLog | undefined) => ShownLog) => {
      if (!over.signal.aborted) setShown(change)
    }
    followLog({ ask, name, more, tell }).catch((error: unknown) => {
      if (over.signal.aborted) return
      if (!(error instanceof ApiRefusal)) throw error
      setFailure(error.message)
    })
    return () => over.abort(new Over())
  }, [management, service, slot, instance, name])

  const older = useCallback(() => {
    if (!shown) return
    setIsLoadingOlder(true)
    const ask = askFor(management, { service, slot, instance })
    loadOlder(ask, name, shown, setShown)
      // Whether the fabric answers is said by the frame; the button is still there.
      .catch((error: unknown) => {
        if (!(error instanceof Unanswered || error instanceof ApiRefusal)) throw error
      })
      .finally(() => setIsLoadingOlder(false))
  }, [shown, management, service, slot, instance, name])
  return { shown, failure, isLoadingOlder, loadOlder: older }
}

export function askFor(management: ServiceManagement, { service, slot, instance }: InstancePlace): AskForLog<Piece> {
  return (log, offset) => management.log(service, slot, instance, log, offset)
}

/** Asks again what was not answered: a fabric, or a host, that is away for a moment goes on with its logs. `say`: why it waits. */
function patient(ask: AskForLog<Piece>, signal: AbortSignal, say: (why: string | undefined) => void): AskForLog<Piece> {
  return async (log, offset) => {
    for (;;) {
      signal.throwIfAborted()
      try {
        const piece = await ask(log, offset)
        say(undefined)
        return piece
      } catch (error) {
        if (error instanceof ApiRefusal && error.status >= 500) say(error.message)
        else if (!(error instanceof Unanswered)) throw error
      }
      await delay(retryMs, signal)
    }
  }
}

/** Nobody looks at the log any more. */
class Over extends Error {}

async function delay(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
  signal.throwIfAborted()
}
