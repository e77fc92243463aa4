import { makeStyles, mergeClasses, Radio, RadioGroup, Subtitle1, Text, tokens } from '@fluentui/react-components'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Deployment, Service } from '../../../service-management/answers.ts'
import { useProgress } from '../connection/live.ts'
import type { Grouping } from './groups.ts'
import { InstanceList } from './instance-list.tsx'
import { useSlotStyles } from './slot-styles.ts'

const useStyles = makeStyles({
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: tokens.spacingHorizontalM },
  slot: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM, minWidth: 0 },
})

/** The role instances of both slots side by side, by role or by upgrade domain (M-8). */
export function InstancesPanel({ service: { name, deployments } }: { readonly service: Service }) {
  const styles = useStyles()
  const slotStyles = useSlotStyles()
  const { t } = useTranslation('summary')
  const [grouping, setGrouping] = useState<Grouping>('role')
  if (deployments.length === 0) return <Text>{t('instances.none')}</Text>
  return (
    <>
      <div className={styles.head}>
        <Text>{t('instances.groupBy')}</Text>
        <RadioGroup
          layout="horizontal"
          aria-label={t('instances.groupBy')}
          value={grouping}
          onChange={(_, { value }) => setGrouping(value as Grouping)}
        >
          <Radio value="role" label={t('instances.byRole')} />
          <Radio value="upgradeDomain" label={t('instances.byUpgradeDomain')} />
        </RadioGroup>
      </div>
      <div className={mergeClasses(slotStyles.slots, deployments.length === 1 && slotStyles.one)}>
        {deployments.map((deployment) => (
          <section
            key={deployment.slot}
            className={styles.slot}
            aria-label={t('instances.of', { slot: t(`slots.${deployment.slot}`) })}
          >
            <Subtitle1 as="h2">{t(`slots.${deployment.slot}`)}</Subtitle1>
            <SlotInstances service={name} deployment={deployment} grouping={grouping} />
          </section>
        ))}
      </div>
    </>
  )
}

interface SlotInstancesProps {
  readonly service: string
  readonly deployment: Deployment
  readonly grouping: Grouping
}

function SlotInstances({ service, deployment, grouping }: SlotInstancesProps) {
  const { value: progress } = useProgress(service, deployment.slot)
  // A question about an instance goes with its deployment: after a swap another one bears its name here.
  return (
    <InstanceList
      key={deployment.id}
      service={service}
      deployment={deployment}
      progress={progress}
      grouping={grouping}
    />
  )
}
