import { makeStyles, Tab, TabList, Text, tokens, useId } from '@fluentui/react-components'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../service-management/answers.ts'
import { useRecentOperations } from '../connection/recent-operations.ts'
import { OperationsTable } from '../operations/operations-table.tsx'
import { EventsTable } from './events-table.tsx'
import { InstancesPanel } from './instances-panel.tsx'

const useStyles = makeStyles({
  panel: {
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalM,
    paddingTop: tokens.spacingVerticalM,
  },
})

const panels = ['instances', 'events', 'operations'] as const
type Panel = (typeof panels)[number]

/** What is long: the instances, and what happened. */
export function Panels({ service }: { readonly service: Service }) {
  const styles = useStyles()
  const { t } = useTranslation('summary')
  const id = useId('panel')
  const [shown, setShown] = useState<Panel>('instances')
  return (
    <div>
      <TabList selectedValue={shown} onTabSelect={(_, { value }) => setShown(value as Panel)}>
        {panels.map((panel) => (
          <Tab key={panel} value={panel} id={`${id}-${panel}`} aria-controls={id}>
            {t(`${panel}.tab`)}
          </Tab>
        ))}
      </TabList>
      <div id={id} role="tabpanel" aria-labelledby={`${id}-${shown}`} className={styles.panel}>
        {shown === 'instances' && <InstancesPanel service={service} />}
        {shown === 'events' && <EventsTable service={service.name} deployments={service.deployments} />}
        {shown === 'operations' && <RecentOperations service={service.name} />}
      </div>
    </div>
  )
}

/** What was asked of the fabric about the service in the last day, newest first. */
function RecentOperations({ service }: { readonly service: string }) {
  const { t } = useTranslation('summary')
  const { value: operations = [] } = useRecentOperations(service)
  return operations.length === 0 ? <Text>{t('operations.none')}</Text> : <OperationsTable entries={operations} />
}
