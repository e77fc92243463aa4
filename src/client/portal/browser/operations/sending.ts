import { useCallback, useState } from 'react'
import { Failure } from '../../../failure.ts'
import { type Accepted, type Request, useBegin } from './operations.tsx'

/** A request as a form sends it. */
export interface Sending {
  readonly isSending: boolean
  /** Why it was refused at once, in the API's words; '' when nothing answered; undefined otherwise. */
  readonly refusal: string | undefined
  /** Undefined when it was refused. */
  send(request: Request): Promise<Accepted | undefined>
}

/** Sends what a form asks for, and keeps why it was refused. */
export function useSending(): Sending {
  const begin = useBegin()
  const [isSending, setIsSending] = useState(false)
  const [refusal, setRefusal] = useState<string>()
  const send = useCallback(
    async (request: Request) => {
      setIsSending(true)
      setRefusal(undefined)
      try {
        return await begin(request)
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        setRefusal(error.message)
        return undefined
      } finally {
        setIsSending(false)
      }
    },
    [begin],
  )
  return { isSending, refusal, send }
}
