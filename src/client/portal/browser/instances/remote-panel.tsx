import { Button, Field, Input, MessageBar, MessageBarBody, makeStyles, Text, tokens } from '@fluentui/react-components'
import { CheckmarkRegular, CopyRegular } from '@fluentui/react-icons'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useTime } from '../shell/time.ts'
import type { RemoteConnection } from './remote-connection.ts'

const useStyles = makeStyles({
  panel: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM, maxWidth: '48rem' },
  command: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-end', gap: tokens.spacingHorizontalS },
  field: { flex: '1 1 20rem', minWidth: 0 },
  input: { fontFamily: tokens.fontFamilyMonospace },
})

/** How to sign in to an instance by SSH. */
export function RemotePanel({ connection }: { readonly connection: RemoteConnection }) {
  const styles = useStyles()
  const { t } = useTranslation('instances')
  const time = useTime()
  if (connection.kind !== 'on') return <Text>{t(`remote.without.${connection.kind}`)}</Text>
  const { user, expiration, command } = connection
  const isExpired = expiration !== undefined && expiration <= Date.now()
  return (
    <div className={styles.panel}>
      <Text>{t('remote.about')}</Text>
      <Text>{t('remote.user', { user })}</Text>
      {expiration !== undefined && (
        <Text>{t(isExpired ? 'remote.expired' : 'remote.until', { time: time(expiration) })}</Text>
      )}
      {command === undefined ? <NoForwarder /> : <Command command={command} />}
      <Text>{t('remote.lost')}</Text>
    </div>
  )
}

function NoForwarder() {
  const { t } = useTranslation('instances')
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>{t('remote.noForwarder')}</MessageBarBody>
    </MessageBar>
  )
}

function Command({ command }: { readonly command: string }) {
  const styles = useStyles()
  const { t } = useTranslation('instances')
  const [isCopied, setIsCopied] = useState(false)
  return (
    <div className={styles.command}>
      <Field className={styles.field} label={t('remote.command')}>
        <Input readOnly value={command} input={{ className: styles.input }} />
      </Field>
      <Button
        icon={isCopied ? <CheckmarkRegular /> : <CopyRegular />}
        onClick={() => void navigator.clipboard.writeText(command).then(() => setIsCopied(true))}
      >
        {isCopied ? t('remote.copied') : t('remote.copy')}
      </Button>
    </div>
  )
}
