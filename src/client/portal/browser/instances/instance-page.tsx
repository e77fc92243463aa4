import { makeStyles, Spinner, Tab, TabList, Text, tokens } from '@fluentui/react-components'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams, useSearchParams } from 'react-router'
import { deploymentDocument } from '../../../../front-end/contract/wire/deployment.ts'
import { deploymentOf } from '../../../service-management/answers.ts'
import { inSlot } from '../../../service-management/asking.ts'
import { useLive, useProgress } from '../connection/live.ts'
import { servicePath, slotOf } from '../form/slot.ts'
import { PageTitle } from '../shell/page-title.tsx'
import { PlaceLink } from '../shell/place-link.tsx'
import { InstanceActions } from './instance-actions.tsx'
import { InstanceFacts, InstanceState } from './instance-facts.tsx'
import { LogPanel } from './log-panel.tsx'
import { remoteConnectionOf } from './remote-connection.ts'
import { RemotePanel } from './remote-panel.tsx'
import { isOnly } from './restarts.ts'

const tabs = ['details', 'logs', 'remote'] as const
type TabName = (typeof tabs)[number]

const useStyles = makeStyles({
  tabs: { flexWrap: 'wrap', marginLeft: `calc(-1 * ${tokens.spacingHorizontalM})` },
  name: { overflowWrap: 'anywhere' },
})

/** An instance of a deployment. */
export function Component() {
  const styles = useStyles()
  const { t } = useTranslation('instances')
  const { service = '', slot: slotWord, instance: name = '' } = useParams()
  const slot = slotOf(slotWord)
  const place = useMemo(() => ({ service, slot, instance: name }), [service, slot, name])
  const [query, setQuery] = useSearchParams()
  const { value: answer, isKnown } = useLive(deploymentDocument, 'GetDeployment', inSlot(service, slot))
  const { value: progress } = useProgress(service, slot)
  const deployment = useMemo(() => answer && deploymentOf(answer), [answer])
  const connection = useMemo(() => answer && remoteConnectionOf(answer, name), [answer, name])
  const instance = deployment?.instances.find((one) => one.name === name)
  const ofProgress = progress?.instances.find((one) => one.name === name)
  const tab = tabs.find((one) => one === query.get('tab')) ?? 'details'
  return (
    <>
      <div>
        <PlaceLink to={servicePath(service)}>{service}</PlaceLink>
        {` › ${t(`slots.${slot}`, { ns: 'summary' })}`}
      </div>
      <PageTitle className={styles.name} about={service}>
        {name}
      </PageTitle>
      {!isKnown && <Spinner label={t('loading', { ns: 'shell' })} />}
      {isKnown && !instance && <Text>{t('missing', { instance: name })}</Text>}
      {deployment && instance && (
        <>
          <InstanceState instance={instance} progress={ofProgress} />
          {/* After a swap the name is that of another instance: what was asked about the former one is not asked about this one. */}
          <InstanceActions key={deployment.id} place={place} isOnly={isOnly(deployment.instances, name)} />
          <TabList
            className={styles.tabs}
            selectedValue={tab}
            onTabSelect={(_, { value }) => setQuery({ tab: value as TabName }, { replace: true })}
          >
            {tabs.map((one) => (
              <Tab key={one} value={one}>
                {t(`tab.${one}`)}
              </Tab>
            ))}
          </TabList>
          {tab === 'details' && <InstanceFacts instance={instance} progress={ofProgress} />}
          {tab === 'logs' && <LogPanel place={place} />}
          {tab === 'remote' && connection && <RemotePanel connection={connection} />}
        </>
      )}
    </>
  )
}
