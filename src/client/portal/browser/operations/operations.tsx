import {
  Link,
  makeStyles,
  Toast,
  ToastBody,
  Toaster,
  ToastTitle,
  ToastTrigger,
  useId,
  useToastController,
} from '@fluentui/react-components'
import { createContext, type ReactNode, useCallback, useContext, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiRefusal } from '../../../service-management/api.ts'
import { withoutLastSeen } from '../../../service-management/waiting-words.ts'
import { useManagement } from '../connection/connection.tsx'
import { Unanswered } from '../connection/gateway-api.ts'

/** What a page has asked the fabric to do. */
export interface Request {
  /** For people, in their language: "Upgrade shop". */
  readonly title: string
  /** Sends it; the answer is its request ID (O-1), or '' when it is done at once. */
  send(): Promise<string>
}

/**
 * Sends a request and follows its operation to the end, whatever page is shown meanwhile. Resolves with whether it has succeeded; what
 * the fabric says of it is shown as a notice. Rejects with an ApiRefusal when it was refused at once: the form that sent it shows that.
 */
type Begin = (request: Request) => Promise<Accepted>

export interface Accepted {
  readonly requestId: string
  /** Whether it has succeeded in the end. */
  readonly ended: Promise<boolean>
}

const context = createContext<Begin | undefined>(undefined)

const useStyles = makeStyles({
  // All of it stands in the operation log, and where it was begun: a notice hides what is below it.
  body: {
    overflow: 'hidden',
    overflowWrap: 'anywhere',
    display: '-webkit-box',
    WebkitBoxOrient: 'vertical',
    WebkitLineClamp: 8,
  },
})

/** How often an operation is asked about, in milliseconds. */
const pollMs = 250

export function OperationsProvider({ children }: { readonly children: ReactNode }) {
  const management = useManagement()
  const { t } = useTranslation('shell')
  const toaster = useId('notices')
  const { dispatchToast, updateToast } = useToastController(toaster)

  const follow = useCallback(
    async (title: string, requestId: string): Promise<boolean> => {
      const toastId = `operation-${requestId}`
      dispatchToast(<Notice title={title} body={t('operation.inProgress')} />, { toastId, timeout: -1, intent: 'info' })
      for (;;) {
        try {
          const { status, error } = await management.operation(requestId)
          if (status === 'Succeeded') {
            const content = <Notice title={title} body={t('operation.succeeded')} />
            updateToast({ content, toastId, intent: 'success', timeout: 5_000 })
            return true
          }
          if (status === 'Failed') {
            const content = <Notice title={title} body={error?.message ?? t('operation.failed')} isOwnWords />
            updateToast({ content, toastId, intent: 'error', timeout: -1 })
            return false
          }
        } catch (error) {
          // A fabric that is away for a moment has not forgotten it.
          if (!(error instanceof Unanswered) && !(error instanceof ApiRefusal && error.status >= 500)) throw error
        }
        await new Promise((resolve) => setTimeout(resolve, pollMs))
      }
    },
    [management, dispatchToast, updateToast, t],
  )

  const begin = useCallback<Begin>(
    async ({ title, send }) => {
      const requestId = await send()
      const ended = requestId === '' ? Promise.resolve(true) : follow(title, requestId)
      // Nobody need wait for it.
      ended.catch(() => {})
      return { requestId, ended }
    },
    [follow],
  )

  return (
    <context.Provider value={useMemo(() => begin, [begin])}>
      {children}
      <Toaster toasterId={toaster} position="top-end" limit={5} />
    </context.Provider>
  )
}

function Notice({ title, body, isOwnWords = false }: { title: string; body: string; isOwnWords?: boolean }) {
  const styles = useStyles()
  const { t } = useTranslation('shell')
  return (
    <Toast>
      <ToastTitle
        action={
          <ToastTrigger>
            <Link>{t('dismiss')}</Link>
          </ToastTrigger>
        }
      >
        {title}
      </ToastTitle>
      <ToastBody lang={isOwnWords ? 'en' : undefined}>
        <span className={styles.body}>{isOwnWords ? withoutLastSeen(body) : body}</span>
      </ToastBody>
    </Toast>
  )
}

export function useBegin(): Begin {
  const begin = useContext(context)
  if (!begin) throw new Error('A page stands outside of the operations.')
  return begin
}
