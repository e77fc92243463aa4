import {
  Button,
  makeStyles,
  SearchBox,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
} from '@fluentui/react-components'
import { memo, useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../service-management/answers.ts'
import { type Event, useEvents } from '../connection/live.ts'
import { useTime } from '../shell/time.ts'
import { eventsShown } from './events-shown.ts'
import { useTableStyles } from './table-styles.ts'

/** How many more are shown at once. */
const page = 50

const useStyles = makeStyles({
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
})

/** What happened to the service and why, newest first. */
export function EventsTable({ service, deployments }: Pick<Service, 'deployments'> & { readonly service: string }) {
  const styles = useStyles()
  const tableStyles = useTableStyles()
  const { t } = useTranslation('summary')
  const { value: events = [] } = useEvents(service)
  // Names of deployments are long and random, unless they were chosen.
  const subjects = new Map(deployments.map(({ name, slot }) => [name, t(`slots.${slot}`)]))
  const [search, setSearch] = useState('')
  const [most, setMost] = useState(page)
  const { shown, found } = eventsShown(events, useDeferredValue(search), most)
  if (events.length === 0) return <Text>{t('events.none')}</Text>
  return (
    <>
      <div className={styles.head}>
        <SearchBox
          aria-label={t('events.search')}
          placeholder={t('events.search')}
          value={search}
          onChange={(_, { value }) => setSearch(value)}
        />
        <Text size={200}>{t('events.shown', { shown: shown.length, all: found })}</Text>
      </div>
      {found === 0 && <Text>{t('events.noMatch')}</Text>}
      {found > 0 && (
        <div className={tableStyles.scroller} role="region" aria-label={t('events.tab')} tabIndex={0}>
          <Table size="small" className={tableStyles.table} aria-label={t('events.tab')}>
            <TableHeader className={tableStyles.head}>
              <TableRow>
                <TableHeaderCell className={tableStyles.time}>{t('events.time')}</TableHeaderCell>
                <TableHeaderCell className={tableStyles.name}>{t('events.subject')}</TableHeaderCell>
                <TableHeaderCell className={tableStyles.name}>{t('events.kind')}</TableHeaderCell>
                <TableHeaderCell>{t('events.reason')}</TableHeaderCell>
              </TableRow>
            </TableHeader>
            <TableBody className={tableStyles.body}>
              {shown.map((event) => (
                <EventRow key={event.number} event={event} subject={subjects.get(event.subject) ?? event.subject} />
              ))}
            </TableBody>
          </Table>
        </div>
      )}
      {shown.length < found && (
        <div>
          <Button size="small" onClick={() => setMost(most + page)}>
            {t('events.older')}
          </Button>
        </div>
      )}
    </>
  )
}

interface EventRowProps {
  readonly event: Event
  readonly subject: string
}

const EventRow = memo(function EventRow({ event: { time: at, kind, reason }, subject }: EventRowProps) {
  const styles = useTableStyles()
  const time = useTime()
  return (
    <TableRow lang="en" className={styles.row}>
      <TableCell className={styles.cell}>{time(at)}</TableCell>
      <TableCell className={styles.cell}>{subject}</TableCell>
      <TableCell className={styles.cell}>{kind}</TableCell>
      <TableCell className={styles.cell}>{reason}</TableCell>
    </TableRow>
  )
})
