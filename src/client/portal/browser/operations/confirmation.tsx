import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  tokens,
} from '@fluentui/react-components'
import { type ReactNode, useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useAsking } from './asking.ts'
import type { Accepted, Request } from './operations.tsx'
import { Refusal } from './refusal.tsx'

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
})

interface ConfirmationProps {
  readonly title: string
  /** Word of the button that asks for it. */
  readonly button: string
  readonly request: Request
  readonly onClose: () => void
  readonly onAccepted?: ((accepted: Accepted) => void) | undefined
  /** Whether all has been ticked that must be. */
  readonly isReady?: boolean
  /** What it does. */
  readonly children: ReactNode
}

/** A question before something is done that cannot simply be undone. It stays open when the fabric refuses, and says why. */
export function Confirmation({
  title,
  button,
  request,
  onClose,
  onAccepted,
  isReady = true,
  children,
}: ConfirmationProps) {
  const styles = useStyles()
  const { t } = useTranslation('shell')
  const { ask, isBusy, refusal } = useAsking()
  const confirm = useCallback(() => {
    void ask(request).then((accepted) => {
      if (!accepted) return
      onAccepted?.(accepted)
      onClose()
    })
  }, [ask, request, onAccepted, onClose])
  return (
    <Dialog open modalType="alert" onOpenChange={onClose}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent className={styles.content}>
            {children}
            <Refusal refusal={refusal} />
          </DialogContent>
          <DialogActions>
            {/* It keeps the focus while it is busy, so that it goes back from here when the dialog closes. */}
            <Button appearance="primary" disabled={!isReady} disabledFocusable={isBusy} onClick={confirm}>
              {button}
            </Button>
            <Button onClick={onClose}>{t('cancel')}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
}
