import { Spinner, Text } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useDeployment } from '../connection/live.ts'
import { servicePath, slotOf } from '../form/slot.ts'
import { PageTitle } from '../shell/page-title.tsx'
import { PlaceLink } from '../shell/place-link.tsx'
import { LastFailure } from '../summary/last-failure-bar.tsx'
import { WalkBoard } from './walk-board.tsx'

/** The update of a slot on a page of its own. */
export function Component() {
  const { service = '', slot: word } = useParams()
  const slot = slotOf(word)
  const { t } = useTranslation('walk')
  const { value: deployment, isKnown } = useDeployment(service, slot)
  return (
    <>
      <PageTitle>{t('title', { service, slot: t(`slots.${slot}`, { ns: 'summary' }) })}</PageTitle>
      <PlaceLink to={servicePath(service)}>{t('back', { service })}</PlaceLink>
      {!isKnown && <Spinner label={t('loading', { ns: 'shell' })} />}
      {isKnown && !deployment && <Text>{t('none')}</Text>}
      {deployment && (
        <WalkBoard
          service={service}
          deployment={deployment}
          isLarge
          idle={
            <>
              <Text>{t(deployment.locked ? 'soon' : 'none')}</Text>
              <LastFailure service={service} slot={slot} />
            </>
          }
        />
      )}
    </>
  )
}
