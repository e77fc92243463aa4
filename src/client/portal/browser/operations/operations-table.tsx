import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  makeStyles,
  mergeClasses,
  Text,
  tokens,
} from '@fluentui/react-components'
import { ArrowSyncCircleRegular, CheckmarkCircleRegular, ErrorCircleRegular } from '@fluentui/react-icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { OperationResult, SubscriptionOperation } from '../../../service-management/subscription.ts'
import { narrow } from '../shell/navigation.tsx'
import { useTime } from '../shell/time.ts'
import { shownObject } from './operation-log.ts'

const icons: Readonly<Record<OperationResult, typeof ErrorCircleRegular>> = {
  InProgress: ArrowSyncCircleRegular,
  Succeeded: CheckmarkCircleRegular,
  Failed: ErrorCircleRegular,
}

const useStyles = makeStyles({
  head: {
    display: 'grid',
    width: '100%',
    gridTemplateColumns: '9rem minmax(0, 2fr) minmax(0, 2fr) 12rem',
    columnGap: tokens.spacingHorizontalM,
    alignItems: 'center',
    [narrow]: {
      gridTemplateColumns: 'minmax(0, 1fr)',
      paddingTop: tokens.spacingVerticalXS,
      paddingBottom: tokens.spacingVerticalXS,
    },
  },
  text: { overflowWrap: 'anywhere' },
  result: { display: 'inline-flex', alignItems: 'center', columnGap: tokens.spacingHorizontalXS },
  icon: { fontSize: '1.25em', flexShrink: 0 },
  InProgress: { color: tokens.colorBrandForeground1 },
  Succeeded: { color: tokens.colorStatusSuccessForeground1 },
  Failed: { color: tokens.colorStatusDangerForeground1 },
  item: { borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  facts: {
    display: 'grid',
    gridTemplateColumns: 'minmax(6rem, max-content) minmax(0, 1fr)',
    columnGap: tokens.spacingHorizontalXL,
    rowGap: tokens.spacingVerticalXXS,
    margin: `0 0 ${tokens.spacingVerticalM}`,
  },
  term: { color: tokens.colorNeutralForeground3, overflowWrap: 'anywhere' },
  value: { margin: 0, overflowWrap: 'anywhere' },
})

/** Operations of the subscription, each with its outcome; opened, with all that the API says of it (S-2). */
export function OperationsTable({ entries }: { readonly entries: readonly SubscriptionOperation[] }) {
  const styles = useStyles()
  return (
    <Accordion multiple collapsible>
      {entries.map((entry) => (
        <AccordionItem key={entry.id} value={entry.id} className={styles.item}>
          <AccordionHeader size="small">
            <Head entry={entry} />
          </AccordionHeader>
          <AccordionPanel>
            <Facts entry={entry} />
          </AccordionPanel>
        </AccordionItem>
      ))}
    </Accordion>
  )
}

function Head({ entry: { name, objectId, status, startedTime } }: { readonly entry: SubscriptionOperation }) {
  const styles = useStyles()
  const { t } = useTranslation('operations')
  const time = useTime()
  const result = status.status
  const Icon = icons[result]
  return (
    <span className={styles.head}>
      <span className={styles.result}>
        <Icon className={mergeClasses(styles.icon, styles[result])} aria-hidden />
        {t(`result.${result}`)}
      </span>
      <span className={styles.text} lang="en">
        {name}
      </span>
      <span className={styles.text}>{shownObject(objectId)}</span>
      <span>{time(startedTime)}</span>
    </span>
  )
}

function Facts({ entry }: { readonly entry: SubscriptionOperation }) {
  const styles = useStyles()
  const { t } = useTranslation('operations')
  const time = useTime()
  const { id, parameters, caller, status, startedTime, completedTime } = entry
  return (
    <dl className={styles.facts}>
      {status.error && (
        <Fact name={t('fact.error')}>
          <Text lang="en">{`${status.error.code}: ${status.error.message}`}</Text>
        </Fact>
      )}
      <Fact name={t('fact.started')}>{time(startedTime)}</Fact>
      {completedTime !== undefined && <Fact name={t('fact.completed')}>{time(completedTime)}</Fact>}
      {status.httpStatusCode !== undefined && <Fact name={t('fact.httpStatus')}>{status.httpStatusCode}</Fact>}
      <Fact name={t('fact.caller')}>{caller.clientIP}</Fact>
      <Fact name={t('fact.certificate')}>{caller.certificateThumbprint}</Fact>
      <Fact name={t('fact.id')}>{id}</Fact>
      {parameters.map((parameter) => (
        <Fact key={parameter.name} name={parameter.name}>
          {parameter.value}
        </Fact>
      ))}
    </dl>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  const styles = useStyles()
  return (
    <>
      <dt className={styles.term}>{name}</dt>
      <dd className={styles.value}>{children}</dd>
    </>
  )
}
