import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiRefusal } from '../../../service-management/api.ts'
import { Unanswered } from '../connection/gateway-api.ts'
import { type Accepted, type Request, useBegin } from './operations.tsx'

/** A form's way to ask the fabric for something. */
export interface Asking {
  /** Undefined when it was refused at once, or nothing answers: then there is a refusal. */
  ask(request: Request): Promise<Accepted | undefined>
  readonly isBusy: boolean
  /** Why it was refused; `isOwnWords`: in the words of the API. */
  readonly refusal: { readonly message: string; readonly isOwnWords: boolean } | undefined
  forget(): void
}

export function useAsking(): Asking {
  const { t } = useTranslation('shell')
  const begin = useBegin()
  const [isBusy, setIsBusy] = useState(false)
  const [refusal, setRefusal] = useState<Asking['refusal']>()
  const ask = useCallback(
    async (request: Request) => {
      setIsBusy(true)
      setRefusal(undefined)
      try {
        return await begin(request)
      } catch (error) {
        setRefusal(refusalOf(error, t('away')))
        return undefined
      } finally {
        setIsBusy(false)
      }
    },
    [begin, t],
  )
  const forget = useCallback(() => setRefusal(undefined), [])
  return { ask, isBusy, refusal, forget }
}

/** What is to be said of a request that was not carried out; `away`: the words for no answer at all. Throws what is neither. */
export function refusalOf(error: unknown, away: string): NonNullable<Asking['refusal']> {
  if (error instanceof ApiRefusal) return { message: error.message, isOwnWords: true }
  if (error instanceof Unanswered) return { message: away, isOwnWords: false }
  throw error
}
