import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  makeStyles,
  Text,
  tokens,
} from '@fluentui/react-components'
import { CheckmarkCircleFilled } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

const useStyles = makeStyles({
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  there: { color: tokens.colorPaletteGreenForeground1, flexShrink: 0 },
  name: { overflowWrap: 'anywhere' },
})

/** Something that was brought, and how it is put away. */
export function There({ name, clear }: { readonly name: string; readonly clear: () => void }) {
  const styles = useStyles()
  const { t } = useTranslation('package')
  return (
    <div className={styles.line}>
      <CheckmarkCircleFilled className={styles.there} aria-hidden />
      <Text className={styles.name}>{t('there', { name })}</Text>
      <Button size="small" appearance="subtle" onClick={clear}>
        {t('remove')}
      </Button>
    </div>
  )
}

export function Refused({ again, children }: { readonly again?: () => void; readonly children: ReactNode }) {
  const { t } = useTranslation('package')
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>{children}</MessageBarBody>
      {again && (
        <MessageBarActions>
          <Button onClick={again}>{t('tryAgain')}</Button>
        </MessageBarActions>
      )}
    </MessageBar>
  )
}

/** Why something was not taken: in the words of who refused it, or that the way to the fabric was lost. */
export function NotTaken({ name, error }: { readonly name: string; readonly error: Error }) {
  const { t } = useTranslation('package')
  if (error.message === '') return t('lost', { name })
  return (
    <>
      {t('refused', { name })} <span lang="en">{error.message}</span>
    </>
  )
}
