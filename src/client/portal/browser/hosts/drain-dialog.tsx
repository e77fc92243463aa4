import { Text } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import { useManagement } from '../connection/connection.tsx'
import { ConfirmDialog } from '../operations/confirm-dialog.tsx'

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
    <ConfirmDialog
      title={t(`${action}.title`, { host })}
      action={t(`${action}.confirm`)}
      send={() => (action === 'drain' ? management.drainHost(host) : management.endDrain(host))}
      onClose={onClose}
    >
      <Text>{t(`${action}.about`)}</Text>
    </ConfirmDialog>
  )
}
