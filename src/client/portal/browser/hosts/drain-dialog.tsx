import { Text } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import { useManagement } from '../connection/connection.tsx'
import { Confirmation } from '../operations/confirmation.tsx'

interface Asked {
  readonly host: string
  readonly action: 'drain' | 'endDrain'
  onClose(): void
}

/** Asks before a host is taken out of service, or given back (H-21). */
export function DrainDialog({ host, action, onClose }: Asked) {
  const { t } = useTranslation('hosts')
  const management = useManagement()
  return (
    <Confirmation
      title={t(`${action}.title`, { host })}
      button={t(`${action}.confirm`)}
      request={{
        title: t(`${action}.title`, { host }),
        send: () => (action === 'drain' ? management.drainHost(host) : management.endDrain(host)),
      }}
      onClose={onClose}
    >
      <Text>{t(`${action}.about`)}</Text>
    </Confirmation>
  )
}
