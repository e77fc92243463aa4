import { Button, Field, Input, makeStyles, Select, Spinner, Text, tokens } from '@fluentui/react-components'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OperationResult } from '../../../service-management/subscription.ts'
import { useServices } from '../connection/live.ts'
import { PageTitle } from '../shell/page-title.tsx'
import { refusalOf } from './asking.ts'
import { ManagementCertificates } from './management-certificates.tsx'
import { dateText, dayOf, daysBefore, joined } from './operation-log.ts'
import { OperationsTable } from './operations-table.tsx'
import { Refusal } from './refusal.tsx'
import { useOperationLog } from './use-operation-log.ts'

/** So far back the log is shown at first. Origin: choice. */
const firstDays = 7
const results: readonly OperationResult[] = ['InProgress', 'Succeeded', 'Failed']

const useStyles = makeStyles({
  filters: { display: 'flex', flexWrap: 'wrap', columnGap: tokens.spacingHorizontalM, rowGap: tokens.spacingVerticalS },
  log: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
})

/** The operation log and the management certificates of the subscription. */
export function Component() {
  const styles = useStyles()
  const { t } = useTranslation('operations')
  const { value: services } = useServices()
  const [from, setFrom] = useState(() => dateText(daysBefore(new Date(), firstDays)))
  const [until, setUntil] = useState('')
  const [service, setService] = useState('')
  const [result, setResult] = useState<OperationResult | ''>('')
  return (
    <>
      <PageTitle>{t('title')}</PageTitle>
      <div className={styles.filters}>
        <Field label={t('filter.from')}>
          <Input type="date" value={from} onChange={(_, { value }) => setFrom(value)} />
        </Field>
        <Field label={t('filter.until')}>
          <Input type="date" value={until} onChange={(_, { value }) => setUntil(value)} />
        </Field>
        <Field label={t('filter.service')}>
          <Select value={service} onChange={(_, { value }) => setService(value)}>
            <option value="">{t('filter.all')}</option>
            {(services ?? []).map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        </Field>
        <Field label={t('filter.result')}>
          <Select value={result} onChange={(_, { value }) => setResult(results.find((one) => one === value) ?? '')}>
            <option value="">{t('filter.all')}</option>
            {results.map((one) => (
              <option key={one} value={one}>
                {t(`result.${one}`)}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <Log from={from} until={until} service={service} result={result} />
      <ManagementCertificates />
    </>
  )
}

interface Wanted {
  /** Of date fields; '' when they are empty. */
  readonly from: string
  readonly until: string
  readonly service: string
  readonly result: OperationResult | ''
}

function Log({ from, until, service, result }: Wanted) {
  const styles = useStyles()
  const { t } = useTranslation('operations')
  const period = useMemo(() => periodOf(from, until), [from, until])
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useOperationLog({
    ...period,
    service,
    result,
  })
  const entries = useMemo(() => data && joined(data.pages), [data])
  return (
    <div className={styles.log}>
      <Refusal refusal={error ? refusalOf(error, t('away', { ns: 'shell' })) : undefined} />
      {!entries && !error && <Spinner label={t('loading', { ns: 'shell' })} />}
      {entries?.length === 0 && <Text>{t('none')}</Text>}
      {entries && entries.length > 0 && <OperationsTable entries={entries} />}
      {hasNextPage && (
        <div>
          <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('earlier')}
          </Button>
        </div>
      )}
    </div>
  )
}

/** Whole days in the reader's zone; an empty end is now, an empty beginning the beginning of time. */
function periodOf(from: string, until: string) {
  const last = dayOf(until)
  return {
    from: dayOf(from)?.getTime() ?? 0,
    until: last && daysBefore(last, -1).getTime(),
  }
}
