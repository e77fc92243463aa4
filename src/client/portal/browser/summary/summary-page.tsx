import { makeStyles, mergeClasses, Spinner, Tab, TabList, Title2, tokens } from '@fluentui/react-components'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import type { Service, Slot } from '../../../service-management/answers.ts'
import { useService } from '../connection/live.ts'
import { DeleteService } from '../services/delete-service.tsx'
import { ActionButton, LinkButton } from '../shell/action-button.tsx'
import { PlaceLink } from '../shell/place-link.tsx'
import { useTime } from '../shell/time.ts'
import { WalkBoard } from '../walk/walk-board.tsx'
import { EventsTable } from './events-table.tsx'
import { Facts } from './facts.tsx'
import { swapHindrance } from './offers.ts'
import { OperationsTable } from './operations-table.tsx'
import { servicePath } from './paths.ts'
import { SlotCard } from './slot-card.tsx'

const slots: readonly Slot[] = ['Production', 'Staging']

/** Where two slots no longer fit side by side. */
const stacked = '@media (max-width: 1080px)'

const oneColumn = { gridTemplateColumns: 'minmax(0, 1fr)' }

const useStyles = makeStyles({
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  title: { flexGrow: 1, overflowWrap: 'anywhere' },
  slots: {
    display: 'grid',
    gap: tokens.spacingHorizontalL,
    alignItems: 'start',
    gridTemplateColumns: 'repeat(2, minmax(0, 1fr))',
    [stacked]: oneColumn,
  },
  // What is in use gets the room.
  onlyProduction: { gridTemplateColumns: 'minmax(0, 2fr) minmax(0, 1fr)', [stacked]: oneColumn },
  onlyStaging: { gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 2fr)', [stacked]: oneColumn },
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
        <Title2 as="h1">{t('missing', { service: name })}</Title2>
        <PlaceLink to="/services">{t('backToServices', { ns: 'shell' })}</PlaceLink>
      </>
    )
  return <Summary service={service} />
}

function Summary({ service }: { readonly service: Service }) {
  const styles = useStyles()
  const { name, deployments } = service
  const [only] = deployments.length === 1 ? deployments : []
  return (
    <>
      <Head service={service} />
      {deployments.map(
        (deployment) =>
          deployment.upgrade && <WalkBoard key={deployment.slot} service={name} deployment={deployment} />,
      )}
      <div className={mergeClasses(styles.slots, only && styles[`only${only.slot}`])}>
        {slots.map((slot) => (
          <SlotCard key={slot} service={name} slot={slot} deployment={deployments.find((one) => one.slot === slot)} />
        ))}
      </div>
      <History service={name} deployments={deployments} />
    </>
  )
}

function Head({ service }: { readonly service: Service }) {
  const styles = useStyles()
  const { t } = useTranslation('summary')
  const time = useTime()
  const navigate = useNavigate()
  const [isDeleting, setIsDeleting] = useState(false)
  const { name, label, location, created, deployments } = service
  const hindrance = swapHindrance(deployments.find(({ slot }) => slot === 'Staging'))
  return (
    <>
      <div className={styles.head}>
        <Title2 as="h1" className={styles.title}>
          {name}
        </Title2>
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
        ]}
      />
      {isDeleting && (
        <DeleteService
          service={name}
          onClose={() => setIsDeleting(false)}
          onAccepted={() => void navigate('/services')}
        />
      )}
    </>
  )
}

function History({ service, deployments }: Pick<Service, 'deployments'> & { readonly service: string }) {
  const { t } = useTranslation('summary')
  const [shown, setShown] = useState<'events' | 'operations'>('events')
  return (
    <section aria-label={t('tabs')}>
      <TabList
        selectedValue={shown}
        onTabSelect={(_, { value }) => setShown(value === 'operations' ? 'operations' : 'events')}
      >
        <Tab value="events">{t('events.tab')}</Tab>
        <Tab value="operations">{t('operations.tab')}</Tab>
      </TabList>
      {shown === 'events' ? (
        <EventsTable service={service} deployments={deployments} />
      ) : (
        <OperationsTable service={service} />
      )}
    </section>
  )
}
