import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  Spinner,
  tokens,
} from '@fluentui/react-components'
import { type ReactNode, useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { RefusalBar } from './refusal-bar.tsx'
import { useSending } from './sending.ts'

interface Confirmed {
  /** What is asked for, "Reboot Web_IN_0": the heading, and the name of the operation's notice. */
  readonly title: string
  /** The word on the button that sends it. */
  readonly action: string
  /** What it does, and what it costs. */
  readonly children: ReactNode
  /** Whether all is filled in that it needs. */
  readonly isReady?: boolean
  send(): Promise<string>
  onClose(): void
  /** When it has succeeded in the end, whether or not the dialog is still there. */
  onDone?(): void
}

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
})

/** Asks before something is done, and says there why it was refused. Shown as long as it is mounted. */
export function ConfirmDialog({ title, action, children, isReady = true, send, onClose, onDone }: Confirmed) {
  const styles = useStyles()
  const { t } = useTranslation('operations')
  const sending = useSending()
  const confirm = useCallback(async () => {
    const accepted = await sending.send({ title, send })
    if (!accepted) return
    onClose()
    if ((await accepted.ended) && onDone) onDone()
  }, [sending, title, send, onClose, onDone])
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void confirm()
          }}
        >
          <DialogBody>
            <DialogTitle>{title}</DialogTitle>
            <DialogContent className={styles.content}>
              {children}
              <RefusalBar refusal={sending.refusal} />
            </DialogContent>
            <DialogActions fluid>
              <Button
                appearance="primary"
                type="submit"
                disabled={!isReady || sending.isSending}
                icon={sending.isSending ? <Spinner size="tiny" /> : null}
              >
                {action}
              </Button>
              <Button onClick={onClose}>{t('cancel')}</Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  )
}
