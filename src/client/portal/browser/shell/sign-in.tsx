import { Button, Card, MessageBar, MessageBarBody, makeStyles, Spinner, Text, tokens } from '@fluentui/react-components'
import { type ReactNode, useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useConnection, useStanding } from '../connection/connection.tsx'
import { PageTitle } from './page-title.tsx'
import { hasSession, signIn, takeToken } from './session.ts'

const useStyles = makeStyles({
  page: { minHeight: '100vh', display: 'grid', placeItems: 'center', padding: tokens.spacingHorizontalL },
  card: { maxWidth: '32rem', rowGap: tokens.spacingVerticalM, padding: tokens.spacingHorizontalXXL },
  code: { fontFamily: tokens.fontFamilyMonospace, userSelect: 'all' },
})

const token = takeToken()

/** What stands behind a session; without one, how to get one. */
export function SignIn({ children }: { readonly children: ReactNode }) {
  const { standing } = useConnection()
  const { signedIn } = useStanding()
  const [isRefused, setIsRefused] = useState(false)
  const [hasBeenIn, setHasBeenIn] = useState(false)
  if (signedIn && !hasBeenIn) setHasBeenIn(true)
  useEffect(() => {
    void enter(token).then(({ isIn, isRefused }) => {
      setIsRefused(isRefused)
      standing.set({ signedIn: isIn })
    })
  }, [standing])
  const byCertificate = useCallback(() => {
    void signIn(undefined).then((isIn) => standing.set({ signedIn: isIn }))
  }, [standing])
  if (signedIn) return children
  return (
    <Outside
      isChecking={signedIn === undefined}
      isRefused={isRefused}
      hasEnded={hasBeenIn}
      byCertificate={byCertificate}
    />
  )
}

/** On an https address the browser's certificate has opened the connection already, and is all that is needed. */
async function enter(linkToken: string | undefined) {
  try {
    if (linkToken !== undefined) {
      const isIn = await signIn(linkToken)
      return { isIn: isIn || (await hasSession()), isRefused: !isIn }
    }
    return {
      isIn: (await hasSession()) || (location.protocol === 'https:' && (await signIn(undefined))),
      isRefused: false,
    }
  } catch {
    return { isIn: false, isRefused: false }
  }
}

function Outside({
  isChecking,
  isRefused,
  hasEnded,
  byCertificate,
}: {
  readonly isChecking: boolean
  readonly isRefused: boolean
  readonly hasEnded: boolean
  readonly byCertificate: () => void
}) {
  const styles = useStyles()
  const { t } = useTranslation('shell')
  if (isChecking)
    return (
      <main className={styles.page}>
        <Spinner label={t('signIn.checking')} />
      </main>
    )
  return (
    <main className={styles.page}>
      <Card className={styles.card}>
        <PageTitle>{t('signIn.title')}</PageTitle>
        {hasEnded && (
          <MessageBar layout="multiline">
            <MessageBarBody>{t('signIn.ended')}</MessageBarBody>
          </MessageBar>
        )}
        {isRefused && (
          <MessageBar intent="error" layout="multiline">
            <MessageBarBody>{t('signIn.refused')}</MessageBarBody>
          </MessageBar>
        )}
        <Text>{t('signIn.how')}</Text>
        <Text className={styles.code}>{'reddog portal'}</Text>
        {location.protocol === 'https:' && (
          <Button appearance="primary" onClick={byCertificate}>
            {t('signIn.byCertificate')}
          </Button>
        )}
      </Card>
    </main>
  )
}
