import { Checkbox, Field, Radio, RadioGroup, Text } from '@fluentui/react-components'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Deployment, Slot } from '../../../service-management/answers.ts'
import type { Progress } from '../../../service-management/updates.ts'
import { useManagement } from '../connection/connection.tsx'
import { Confirmation } from '../operations/confirmation.tsx'
import { ActionButton } from '../shell/action-button.tsx'
import { rollbackHindrance } from './walk-offers.ts'

interface RollbackButtonProps {
  readonly service: string
  readonly slot: Slot
  readonly deployment: Deployment
  readonly update: NonNullable<Progress['update']>
}

/** The way back, while there is one (U-41, U-43). */
export function RollbackButton({ service, slot, deployment, update }: RollbackButtonProps) {
  const { t } = useTranslation('walk')
  const [isAsking, setIsAsking] = useState(false)
  const hindrance = rollbackHindrance(update, deployment)
  return (
    <>
      <ActionButton
        size="small"
        hindrance={hindrance && t(`rollback.hindrance.${hindrance}`)}
        onClick={() => setIsAsking(true)}
      >
        {t('rollback.button')}
      </ActionButton>
      {isAsking && <RollbackConfirmation service={service} slot={slot} onClose={() => setIsAsking(false)} />}
    </>
  )
}

function RollbackConfirmation({
  service,
  slot,
  onClose,
}: {
  readonly service: string
  readonly slot: Slot
  readonly onClose: () => void
}) {
  const { t } = useTranslation('walk')
  const management = useManagement()
  const [mode, setMode] = useState<'Auto' | 'Manual'>('Auto')
  const [force, setForce] = useState(false)
  const words = { service, slot: t(`slots.${slot}`, { ns: 'summary' }) }
  return (
    <Confirmation
      title={t('rollback.title', words)}
      button={t('rollback.confirm')}
      request={{
        title: t('rollback.request', words),
        send: () => management.rollback(service, slot, { mode, force }),
      }}
      onClose={onClose}
    >
      <Text>{t('rollback.text')}</Text>
      <Field label={t('rollback.mode')}>
        <RadioGroup value={mode} onChange={(_, { value }) => setMode(value === 'Manual' ? 'Manual' : 'Auto')}>
          <Radio value="Auto" label={t('rollback.auto')} />
          <Radio value="Manual" label={t('rollback.manual')} />
        </RadioGroup>
      </Field>
      <Checkbox checked={force} onChange={(_, { checked }) => setForce(checked === true)} label={t('rollback.force')} />
    </Confirmation>
  )
}
