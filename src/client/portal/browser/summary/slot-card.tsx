import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Card,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  Subtitle1,
  Text,
  tokens,
} from '@fluentui/react-components'
import { WarningRegular } from '@fluentui/react-icons'
import { useTranslation } from 'react-i18next'
import type { Deployment, Slot } from '../../../service-management/answers.ts'
import { useProgress } from '../connection/live.ts'
import { readyCount } from './groups.ts'
import { LastFailure } from './last-failure-bar.tsx'
import { SlotActions } from './slot-actions.tsx'
import { SlotFacts } from './slot-facts.tsx'
import { StateMark } from './state-mark.tsx'
import { deploymentMark } from './status-word.ts'

const useStyles = makeStyles({
  card: { rowGap: tokens.spacingVerticalM, minWidth: 0 },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: tokens.spacingHorizontalS },
  grow: { flexGrow: 1 },
  quiet: { color: tokens.colorNeutralForeground3 },
  warnings: { margin: 0, paddingLeft: tokens.spacingHorizontalL },
})

interface SlotCardProps {
  readonly service: string
  readonly slot: Slot
  readonly deployment: Deployment | undefined
}

/** A slot with what is in it. */
export function SlotCard({ service, slot, deployment }: SlotCardProps) {
  const styles = useStyles()
  const { t } = useTranslation('summary')
  return (
    <Card className={styles.card} role="region" aria-label={t(`slots.${slot}`)}>
      <div className={styles.head}>
        <Subtitle1 as="h2" className={styles.grow}>
          {t(`slots.${slot}`)}
        </Subtitle1>
        {deployment && <DeploymentStatus status={deployment.status} />}
      </div>
      {!deployment && (
        <Text>
          {t('slotEmpty')} <span className={styles.quiet}>{t(`slotEmptyHint.${slot}`)}</span>
        </Text>
      )}
      {!deployment && <LastFailure service={service} slot={slot} />}
      {/* After a swap the slot has another deployment: what was asked about the former one is not asked about this one. */}
      <SlotActions key={deployment?.id} service={service} slot={slot} deployment={deployment} />
      {deployment && <Occupied service={service} slot={slot} deployment={deployment} />}
    </Card>
  )
}

function Occupied({ service, slot, deployment }: SlotCardProps & { readonly deployment: Deployment }) {
  const { value: progress } = useProgress(service, slot)
  return (
    <>
      <Waits deployment={deployment} instances={progress?.instances ?? deployment.instances} />
      <Warnings warnings={progress?.warnings ?? []} />
      <SlotFacts service={service} deployment={deployment} />
    </>
  )
}

/** Statuses that this portal does not know are shown as they come. */
function DeploymentStatus({ status }: { readonly status: string }) {
  const { t } = useTranslation('summary')
  return (
    <>
      <StateMark mark={deploymentMark(status)} />
      <Text aria-live="polite">{t(`deploymentStatus.${status as 'Running'}`, { defaultValue: status })}</Text>
    </>
  )
}

/** What a deployment waits for; what an update waits for stands where the update is shown. */
function Waits({
  deployment: { status, locked },
  instances,
}: {
  readonly deployment: Deployment
  readonly instances: readonly { readonly status: string }[]
}) {
  const { t } = useTranslation('summary')
  const notReady = instances.length - readyCount(instances)
  const sentences = [
    ...(locked ? [t('locked')] : []),
    ...(notReady > 0 && !status.startsWith('Suspend')
      ? [t('notReady', { number: notReady, all: instances.length })]
      : []),
  ]
  return (
    <div aria-live="polite">
      {sentences.length > 0 && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t('waits')}</MessageBarTitle>
            {sentences.join(' ')}
          </MessageBarBody>
        </MessageBar>
      )}
    </div>
  )
}

/** Of its package, its configuration and its place, for its owner. */
function Warnings({ warnings }: { readonly warnings: readonly string[] }) {
  const styles = useStyles()
  const { t } = useTranslation('summary')
  if (warnings.length === 0) return null
  return (
    <Accordion collapsible>
      <AccordionItem value="warnings">
        <AccordionHeader as="h3" size="small" icon={<WarningRegular />}>
          {t('warnings', { number: warnings.length })}
        </AccordionHeader>
        <AccordionPanel>
          <ul className={styles.warnings} lang="en">
            {warnings.map((warning) => (
              <li key={warning}>
                <Text size={200}>{warning}</Text>
              </li>
            ))}
          </ul>
        </AccordionPanel>
      </AccordionItem>
    </Accordion>
  )
}
