import {
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
import { useTranslation } from 'react-i18next'
import type { Instance } from '../../../service-management/answers.ts'
import type { Progress } from '../../../service-management/updates.ts'
import { Facts } from '../summary/facts.tsx'
import { StateMark } from '../summary/state-mark.tsx'
import { markOf, statusWord } from '../summary/status-word.ts'
import { rotationOf } from './rotation.ts'

const useStyles = makeStyles({
  scroller: { overflowX: 'auto' },
  table: { minWidth: '44rem' },
  cell: { overflowWrap: 'anywhere' },
  name: { width: '40%' },
  mark: { paddingTop: '2px' },
  state: {
    display: 'flex',
    columnGap: tokens.spacingHorizontalXS,
    overflowWrap: 'anywhere',
    minWidth: 0,
  },
})

interface Known {
  readonly instance: Instance
  /** What Get Progress says of it; undefined while that is not known. */
  readonly progress: Progress['instances'][number] | undefined
}

/** What there is to know of an instance. */
export function InstanceFacts({ instance, progress }: Known) {
  const { t } = useTranslation('instances')
  const { upgradeDomain, faultDomain, size, address, power, role, endpoints } = instance
  return (
    <>
      <Facts
        facts={[
          [t('fact.role'), role],
          [t('fact.size'), size],
          [t('fact.upgradeDomain'), upgradeDomain],
          [t('fact.faultDomain'), faultDomain],
          [t('fact.host'), progress?.host || t('fact.none')],
          [t('fact.address'), address ?? t('fact.none')],
          [t('fact.power'), t(`power.${power as 'Started'}`, { defaultValue: power })],
          [t('fact.rotation'), t(`rotation.${rotationOf(endpoints, progress)}`)],
          [t('fact.version'), progress?.version],
        ]}
      />
      <Subtitle2 as="h2">{t('endpoint.title')}</Subtitle2>
      {endpoints.length === 0 ? <Text>{t('endpoint.none')}</Text> : <Endpoints instance={instance} />}
    </>
  )
}

function Endpoints({ instance: { endpoints, address } }: { readonly instance: Instance }) {
  const styles = useStyles()
  const { t } = useTranslation('instances')
  return (
    <div className={styles.scroller} role="region" aria-label={t('endpoint.title')} tabIndex={0}>
      <Table size="small" className={styles.table} aria-label={t('endpoint.title')}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell className={styles.name}>{t('endpoint.name')}</TableHeaderCell>
            <TableHeaderCell>{t('endpoint.protocol')}</TableHeaderCell>
            <TableHeaderCell>{t('endpoint.public')}</TableHeaderCell>
            <TableHeaderCell>{t('endpoint.local')}</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {endpoints.map(({ name, protocol, vip, publicPort, localPort }) => (
            <TableRow key={name}>
              <TableCell className={styles.cell}>{name}</TableCell>
              <TableCell>{protocol}</TableCell>
              <TableCell>{publicPort === undefined ? t('endpoint.internal') : `${vip ?? ''}:${publicPort}`}</TableCell>
              <TableCell>{`${address ?? ''}:${localPort}`}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  )
}

/** The status, with its details in parentheses as the original's portal had them (T-11). */
export function InstanceState({ instance, progress }: Known) {
  const styles = useStyles()
  const { t } = useTranslation(['summary', 'instances'])
  const { status, details } = progress ?? instance
  const word = statusWord(status)
  const isSettling = word === 'ready' && details === '' && progress?.hasSettled === false
  return (
    <div aria-live="polite" className={styles.state}>
      <span className={styles.mark}>
        <StateMark mark={markOf(word)} />
      </span>
      <span>
        {t(`status.${word}`)}
        {details !== '' && <span lang="en">{` (${details})`}</span>}
        {isSettling && ` ${t('settling', { ns: 'instances' })}`}
      </span>
    </div>
  )
}
