import { Checkbox, Spinner, Text } from '@fluentui/react-components'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useManagement } from '../connection/connection.tsx'
import { useService } from '../connection/live.ts'
import { Confirmation } from '../operations/confirmation.tsx'

interface DeleteServiceProps {
  readonly service: string
  readonly onClose: () => void
}

/** Deletes a cloud service; one that has deployments only after a tick (U-66). */
export function DeleteService({ service, onClose }: DeleteServiceProps) {
  const { t } = useTranslation('services')
  const management = useManagement()
  const { value } = useService(service)
  const [isTicked, setIsTicked] = useState(false)
  const deployments = value?.deployments ?? []
  const hasDeployments = deployments.length > 0
  return (
    <Confirmation
      title={t('remove.title', { service })}
      button={t('remove.confirm')}
      isReady={value !== undefined && (!hasDeployments || isTicked)}
      request={{
        title: t('remove.request', { service }),
        send: () => management.deleteService(service, hasDeployments),
      }}
      onClose={onClose}
    >
      {!value && <Spinner label={t('loading', { ns: 'shell' })} />}
      {value && <Text>{t(hasDeployments ? 'remove.hasDeployments' : 'remove.isEmpty')}</Text>}
      {hasDeployments && (
        <>
          <ul>
            {deployments.map(({ slot, label, instances }) => (
              <li
                key={slot}
              >{`${t(slot === 'Production' ? 'production' : 'staging')}: ${label} (${instances.length})`}</li>
            ))}
          </ul>
          <Checkbox
            checked={isTicked}
            onChange={(_, { checked }) => setIsTicked(checked === true)}
            label={t('remove.tick')}
          />
        </>
      )}
    </Confirmation>
  )
}
