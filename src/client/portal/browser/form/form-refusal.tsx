import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Slot } from '../../../service-management/answers.ts'
import { ApiRefusal } from '../../../service-management/api.ts'
import { Holder } from '../operations/holder.tsx'
import { PlaceLink } from '../shell/place-link.tsx'
import { servicePath, slotPath } from './slot.ts'
import { wayOn } from './way-on.ts'

interface Refused {
  readonly error: Error
  readonly service: string
  readonly slot?: Slot
  /** Instead of "Not done." */
  readonly title?: string
  /** Sends the same again; absent where the form's own button does. */
  readonly again?: () => void
}

/** Why it was not done, in the API's own words, and the way on. */
export function FormRefusal({ error, service, slot = 'Production', title, again }: Refused) {
  const { t } = useTranslation('form')
  const status = error instanceof ApiRefusal ? error.status : 0
  const way = wayOn({ status, message: error.message })
  const retry = again && <Button onClick={again}>{t('refusal.tryAgain')}</Button>
  if (way.kind === 'follow')
    return (
      <Said error={error} title={title} actions={retry}>
        <Holder operation={way.operation} />
      </Said>
    )
  if (way.kind === 'swap')
    return (
      <Said error={error} title={title}>
        {t('refusal.swap')}{' '}
        <PlaceLink to={slotPath(service, 'Staging', 'deploy')}>{t('refusal.deployStaging')}</PlaceLink>
        {' · '}
        <PlaceLink to={`${servicePath(service)}/swap`}>{t('refusal.swapPage')}</PlaceLink>
      </Said>
    )
  if (way.kind === 'occupied')
    return (
      <Said error={error} title={title}>
        <PlaceLink to={slotPath(service, slot, 'upgrade')}>{t('refusal.upgradeThat')}</PlaceLink>
      </Said>
    )
  return (
    <Said error={error} title={title} actions={way.kind === 'tryAgain' ? retry : undefined}>
      {way.kind === 'tryAgain' ? t('refusal.passes') : t('refusal.correct')}
    </Said>
  )
}

function Said(props: {
  readonly error: Error
  readonly title: string | undefined
  readonly actions?: ReactNode
  readonly children: ReactNode
}) {
  const { t } = useTranslation('form')
  const { error, title, actions, children } = props
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{title ?? t('refusal.title')}</MessageBarTitle>
        {error.message === '' ? t('refusal.unanswered') : <span lang="en">{error.message}</span>}
        <div>{children}</div>
      </MessageBarBody>
      {actions && <MessageBarActions>{actions}</MessageBarActions>}
    </MessageBar>
  )
}
