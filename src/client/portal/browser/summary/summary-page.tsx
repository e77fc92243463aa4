import { makeStyles, mergeClasses, Spinner, tokens } from '@fluentui/react-components'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { serviceCertificatesDocument } from '../../../../front-end/contract/wire/service-certificates.ts'
import type { Service, Slot } from '../../../service-management/answers.ts'
import { useLive, useService } from '../connection/live.ts'
import { servicePath } from '../form/slot.ts'
import { DeleteService } from '../services/delete-service.tsx'
import { ActionButton, LinkButton } from '../shell/action-button.tsx'
import { PageTitle } from '../shell/page-title.tsx'
import { PlaceLink } from '../shell/place-link.tsx'
import { useTime } from '../shell/time.ts'
import { WalkBoard } from '../walk/walk-board.tsx'
import { Facts } from './facts.tsx'
import { swapHindrance } from './offers.ts'
import { Panels } from './panels.tsx'
import { SlotCard } from './slot-card.tsx'
import { useSlotStyles } from './slot-styles.ts'

const slots: readonly Slot[] = ['Production', 'Staging']

const useStyles = makeStyles({
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  title: { flexGrow: 1, overflowWrap: 'anywhere' },
})

/** The Summary page of a cloud service (M-1, M-8). */
export function Component() {
  const { service: name = '' } = useParams()
  const { t } = useTranslation('summary')
  const { value: service, isKnown, isMissing } = useService(name)
  if (!isKnown) return <Spinner label={t('loading', { ns: 'shell' })} />
  if (isMissing || !service)
    return (
      <>
        <PageTitle>{t('missing', { service: name })}</PageTitle>
        <PlaceLink to="/services">{t('backToServices', { ns: 'shell' })}</PlaceLink>
      </>
    )
  return <Summary service={service} />
}

function Summary({ service }: { readonly service: Service }) {
  const styles = useSlotStyles()
  const { name, deployments } = service
  const [only] = deployments.length === 1 ? deployments : []
  return (
    <>
      <Head service={service} />
      {deployments.map((deployment) => (
        <WalkBoard key={deployment.name} service={name} deployment={deployment} />
      ))}
      <div className={mergeClasses(styles.slots, only && styles[`only${only.slot}`])}>
        {slots.map((slot) => (
          <SlotCard key={slot} service={name} slot={slot} deployment={deployments.find((one) => one.slot === slot)} />
        ))}
      </div>
      <Panels service={service} />
    </>
  )
}

function Head({ service }: { readonly service: Service }) {
  const styles = useStyles()
  const { t } = useTranslation('summary')
  const time = useTime()
  const [isDeleting, setIsDeleting] = useState(false)
  const { name, label, location, created, deployments } = service
  const hindrance = swapHindrance(deployments.find(({ slot }) => slot === 'Staging'))
  return (
    <>
      <div className={styles.head}>
        <PageTitle className={styles.title}>{name}</PageTitle>
        <LinkButton to={`${servicePath(name)}/swap`} hindrance={hindrance && t(`hindrance.${hindrance}`)}>
          {t('action.swap')}
        </LinkButton>
        <ActionButton onClick={() => setIsDeleting(true)}>{t('action.removeService')}</ActionButton>
      </div>
      <Facts
        facts={[
          [t('fact.label'), label],
          [t('fact.location'), location],
          [t('fact.created'), time(created)],
          [t('fact.certificates'), <Certificates key="certificates" service={name} />],
        ]}
      />
      {isDeleting && <DeleteService service={name} onClose={() => setIsDeleting(false)} />}
    </>
  )
}

/** How many certificates deployments of the service can name, and where they are listed. */
function Certificates({ service }: { readonly service: string }) {
  const { t } = useTranslation('summary')
  const { value: certificates } = useLive(serviceCertificatesDocument, 'ListServiceCertificates', { service })
  return (
    <PlaceLink to={`${servicePath(service)}/certificates`}>
      {t('fact.certificatesNumber', { number: certificates?.length ?? '…' })}
    </PlaceLink>
  )
}
