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
        if (error instanceof ApiRefusal) setRefusal({ message: error.message, isOwnWords: true })
        else if (error instanceof Unanswered) setRefusal({ message: t('away'), isOwnWords: false })
        else throw error
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
