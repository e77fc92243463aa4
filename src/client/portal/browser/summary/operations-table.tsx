import { Table, TableBody, TableCell, TableHeader, TableHeaderCell, TableRow, Text } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import { type SubscriptionOperation, useRecentOperations } from '../connection/recent-operations.ts'
import { useTime } from '../shell/time.ts'
import { StateMark } from './state-mark.tsx'
import { useTableStyles } from './table-styles.ts'

/** What was asked of the fabric about the service in the last day, newest first, with its outcome. */
export function OperationsTable({ service }: { readonly service: string }) {
  const styles = useTableStyles()
  const { t } = useTranslation('summary')
  const { value: operations = [] } = useRecentOperations(service)
  if (operations.length === 0) return <Text>{t('operations.none')}</Text>
  return (
    <div className={styles.scroller} role="region" aria-label={t('operations.tab')} tabIndex={0}>
      <Table size="small" className={styles.table} aria-label={t('operations.tab')}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell className={styles.time}>{t('operations.started')}</TableHeaderCell>
            <TableHeaderCell className={styles.time}>{t('operations.ended')}</TableHeaderCell>
            <TableHeaderCell className={styles.time}>{t('operations.name')}</TableHeaderCell>
            <TableHeaderCell>{t('operations.outcome')}</TableHeaderCell>
            <TableHeaderCell>{t('operations.id')}</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {operations.map((operation) => (
            <OperationRow key={operation.id} operation={operation} />
          ))}
        </TableBody>
      </Table>
    </div>
  )
}

const marks = { InProgress: 'moving', Succeeded: 'good', Failed: 'bad' } as const

function OperationRow({ operation }: { readonly operation: SubscriptionOperation }) {
  const styles = useTableStyles()
  const { t } = useTranslation('summary')
  const time = useTime()
  const { id, name, startedTime, completedTime } = operation
  const { status, error } = operation.status
  return (
    <TableRow>
      <TableCell className={styles.cell}>{time(startedTime)}</TableCell>
      <TableCell className={styles.cell}>{completedTime !== undefined && time(completedTime)}</TableCell>
      <TableCell className={styles.cell} lang="en">
        {name}
      </TableCell>
      <TableCell className={styles.cell}>
        <StateMark mark={marks[status]} /> {t(`operations.${status}`)}
        {error && <div lang="en">{error.message}</div>}
      </TableCell>
      <TableCell className={styles.cell}>{id}</TableCell>
    </TableRow>
  )
}
