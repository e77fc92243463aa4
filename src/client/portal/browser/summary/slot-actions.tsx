import { makeStyles, tokens } from '@fluentui/react-components'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Deployment, Slot } from '../../../service-management/answers.ts'
import { useManagement } from '../connection/connection.tsx'
import { slotPath } from '../form/slot.ts'
import { Confirmation } from '../operations/confirmation.tsx'
import { ActionButton, LinkButton } from '../shell/action-button.tsx'
import { type Hindrance, offersOf } from './offers.ts'

const useStyles = makeStyles({
  row: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
})

interface SlotActionsProps {
  readonly service: string
  readonly slot: Slot
  readonly deployment: Deployment | undefined
}

type Asked = 'suspend' | 'run' | 'remove'

/** What can be done with a slot (M-8). */
export function SlotActions({ service, slot, deployment }: SlotActionsProps) {
  const styles = useStyles()
  const { t } = useTranslation('summary')
  const [asked, setAsked] = useState<Asked>()
  const offers = offersOf(deployment)
  const why = (hindrance: Hindrance | undefined) => hindrance && t(`hindrance.${hindrance}`)
  if (!deployment)
    return (
      <div className={styles.row}>
        <LinkButton appearance="primary" size="small" to={slotPath(service, slot, 'deploy')}>
          {t('action.deploy')}
        </LinkButton>
      </div>
    )
  return (
    <div className={styles.row}>
      <LinkButton
        appearance="primary"
        size="small"
        to={slotPath(service, slot, 'upgrade')}
        hindrance={why(offers.upgrade)}
      >
        {t('action.upgrade')}
      </LinkButton>
      <LinkButton size="small" to={slotPath(service, slot, 'configure')} hindrance={why(offers.configure)}>
        {t('action.configure')}
      </LinkButton>
      <LinkButton size="small" to={slotPath(service, slot, 'scale')} hindrance={why(offers.scale)}>
        {t('action.scale')}
      </LinkButton>
      <ActionButton size="small" hindrance={why(offers.turnHindrance)} onClick={() => setAsked(offers.turn)}>
        {t(`action.${offers.turn}`)}
      </ActionButton>
      <ActionButton size="small" hindrance={why(offers.remove)} onClick={() => setAsked('remove')}>
        {t('action.remove')}
      </ActionButton>
      {asked && <SlotConfirmation asked={asked} service={service} slot={slot} onClose={() => setAsked(undefined)} />}
    </div>
  )
}

function SlotConfirmation({
  asked,
  service,
  slot,
  onClose,
}: {
  readonly asked: Asked
  readonly service: string
  readonly slot: Slot
  readonly onClose: () => void
}) {
  const { t } = useTranslation('summary')
  const management = useManagement()
  const words = { service, slot: t(`slots.${slot}`) }
  const send = {
    suspend: () => management.updateDeploymentStatus(service, slot, 'Suspended'),
    run: () => management.updateDeploymentStatus(service, slot, 'Running'),
    remove: () => management.deleteDeployment(service, slot),
  }[asked]
  return (
    <Confirmation
      title={t(`confirm.${asked}.title`, words)}
      button={t(`confirm.${asked}.button`)}
      request={{ title: t(`request.${asked}`, words), send }}
      onClose={onClose}
    >
      {t(`confirm.${asked}.text`)}
    </Confirmation>
  )
}
