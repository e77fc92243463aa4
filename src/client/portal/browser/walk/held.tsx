import { MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import type { Fault } from '../../../../kernel/fault.ts'
import type { Slot } from '../../../service-management/answers.ts'
import type { Progress } from '../../../service-management/updates.ts'
import { withoutLastSeen } from '../../../service-management/waiting-words.ts'
import { slotPath } from '../form/slot.ts'
import { LinkButton } from '../shell/action-button.tsx'

interface HeldProps {
  readonly service: string
  readonly slot: Slot
  readonly update: NonNullable<Progress['update']>
  readonly held: Fault
}

/** Why an update stays in its domain, and the ways on (U-29, U-37). */
export function Held({ service, slot, update, held }: HeldProps) {
  const { t } = useTranslation('walk')
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{t('held.title', { number: update.domain })}</MessageBarTitle>
        <div lang="en">{withoutLastSeen(held.message)}</div>
        <div>{t('held.ways')}</div>
      </MessageBarBody>
      <MessageBarActions>
        <LinkButton size="small" to={slotPath(service, slot, 'upgrade')}>
          {t('held.upgrade')}
        </LinkButton>
      </MessageBarActions>
    </MessageBar>
  )
}
