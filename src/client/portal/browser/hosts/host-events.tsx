import {
  Button,
  Subtitle2,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
} from '@fluentui/react-components'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useEvents } from '../connection/live.ts'
import { useTime } from '../shell/time.ts'
import { useTableStyles } from '../summary/table-styles.ts'

/** So many more are shown at each step. Origin: choice. */
const stepEvents = 20

/** What happened to the hosts and why, newest first. */
export function HostEvents() {
  const styles = useTableStyles()
  const { t } = useTranslation('hosts')
  const time = useTime()
  const { value: events = [], isKnown } = useEvents()
  const [most, setMost] = useState(stepEvents)
  return (
    <>
      <Subtitle2 as="h2">{t('events.title')}</Subtitle2>
      {isKnown && events.length === 0 && <Text>{t('events.none')}</Text>}
      {events.length > 0 && (
        <div className={styles.scroller} role="region" aria-label={t('events.title')} tabIndex={0}>
          <Table size="small" className={styles.table} aria-label={t('events.title')}>
            <TableHeader className={styles.head}>
              <TableRow>
                <TableHeaderCell className={styles.time}>{t('events.time')}</TableHeaderCell>
                <TableHeaderCell className={styles.name}>{t('events.subject')}</TableHeaderCell>
                <TableHeaderCell className={styles.name}>{t('events.kind')}</TableHeaderCell>
                <TableHeaderCell>{t('events.reason')}</TableHeaderCell>
              </TableRow>
            </TableHeader>
            <TableBody className={styles.body}>
              {events
                .slice(-most)
                .toReversed()
                .map((event) => (
                  <TableRow key={event.number} lang="en" className={styles.row}>
                    <TableCell className={styles.cell}>{time(event.time)}</TableCell>
                    <TableCell className={styles.cell}>{event.subject}</TableCell>
                    <TableCell className={styles.cell}>{event.kind}</TableCell>
                    <TableCell className={styles.cell}>{event.reason}</TableCell>
                  </TableRow>
                ))}
            </TableBody>
          </Table>
        </div>
      )}
      {events.length > most && (
        <div>
          <Button size="small" onClick={() => setMost(most + stepEvents)}>
            {t('events.older')}
          </Button>
        </div>
      )}
    </>
  )
}
