import { Text } from '@fluentui/react-components'
import { FastForwardRegular } from '@fluentui/react-icons'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Slot } from '../../../service-management/answers.ts'
import type { Progress } from '../../../service-management/updates.ts'
import { useManagement } from '../connection/connection.tsx'
import { useAsking } from '../operations/asking.ts'
import { Refusal } from '../operations/refusal.tsx'
import { ActionButton } from '../shell/action-button.tsx'
import { walkOffer } from './walk-offers.ts'

interface WalkButtonProps {
  readonly service: string
  readonly slot: Slot
  readonly update: NonNullable<Progress['update']>
}

/** The one button of a manual update: it walks the next domain, and no other can be chosen (M-9, U-31). */
export function WalkButton({ service, slot, update }: WalkButtonProps) {
  const { t } = useTranslation('walk')
  const management = useManagement()
  const { ask, isBusy, refusal } = useAsking()
  const [asked, setAsked] = useState<number>()
  const offer = walkOffer(update, asked)
  if (!offer) return null
  const number = offer.domain
  const walk = () => {
    const request = {
      title: t('walk.request', { number, service }),
      send: () => management.walkUpgradeDomain(service, slot, number),
    }
    void ask(request).then((accepted) => {
      if (!accepted) return
      setAsked(number)
      void accepted.ended.finally(() => setAsked(undefined))
    })
  }
  return (
    <>
      <Text aria-live="polite">{t(`walk.state.${update.domainState}`, { number })}</Text>
      <ActionButton
        appearance="primary"
        size="small"
        icon={<FastForwardRegular />}
        hindrance={offer.hindrance || isBusy ? t('walk.walking', { number }) : undefined}
        onClick={walk}
      >
        {t('walk.button', { number })}
      </ActionButton>
      <Refusal refusal={refusal} />
    </>
  )
}
