import {
  Button,
  makeStyles,
  Subtitle2,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useManagement } from '../connection/connection.tsx'
import { useTime } from '../shell/time.ts'
import { eventText, newestFirst, withNewer } from './newer-events.ts'

/** How often it is asked whether something has happened, in milliseconds. */
const pollMs = 2_000
/** So many are shown at first. Origin: choice. */
const shownAtFirst = 20

const useStyles = makeStyles({
  section: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalS, alignItems: 'flex-start' },
  scroller: { overflowX: 'auto', width: '100%' },
  table: { minWidth: '40rem' },
  time: { width: '12rem' },
  subject: { width: '8rem' },
})

/** What happened to the hosts and why, newest first. */
export function HostEvents() {
  const styles = useStyles()
  const { t } = useTranslation('hosts')
  const time = useTime()
  const management = useManagement()
  const [isAll, setIsAll] = useState(false)
  const { data: events } = useQuery({
    queryKey: ['host-events'],
    queryFn: ({ client, queryKey }) =>
      withNewer(client.getQueryData(queryKey) ?? [], (after) => management.events(undefined, after)),
    refetchInterval: pollMs,
  })
  const shown = newestFirst(events ?? [], isAll ? Number.POSITIVE_INFINITY : shownAtFirst)
  return (
    <section className={styles.section}>
      <Subtitle2 as="h2">{t('events.title')}</Subtitle2>
      {events?.length === 0 && <Text>{t('events.none')}</Text>}
      {shown.length > 0 && (
        <div className={styles.scroller}>
          <Table size="small" className={styles.table} aria-label={t('events.title')}>
            <TableHeader>
              <TableRow>
                <TableHeaderCell className={styles.time}>{t('events.time')}</TableHeaderCell>
                <TableHeaderCell className={styles.subject}>{t('events.subject')}</TableHeaderCell>
                <TableHeaderCell>{t('events.what')}</TableHeaderCell>
              </TableRow>
            </TableHeader>
            <TableBody>
              {shown.map((event) => (
                <TableRow key={event.number}>
                  <TableCell>{time(event.time)}</TableCell>
                  <TableCell>{event.subject}</TableCell>
                  <TableCell lang="en">{eventText(event)}</TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </div>
      )}
      {(events?.length ?? 0) > shown.length && (
        <Button onClick={() => setIsAll(true)}>{t('events.all', { count: events?.length ?? 0 })}</Button>
      )}
    </section>
  )
}
