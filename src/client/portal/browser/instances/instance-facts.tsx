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
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Instance } from '../../../service-management/answers.ts'
import type { Progress } from '../../../service-management/updates.ts'
import { rotationOf } from './rotation.ts'
import { StatusBadge } from './status-badge.tsx'

const useStyles = makeStyles({
  facts: {
    display: 'grid',
    gridTemplateColumns: 'max-content minmax(0, 1fr)',
    columnGap: tokens.spacingHorizontalXL,
    rowGap: tokens.spacingVerticalXS,
    margin: 0,
  },
  term: { color: tokens.colorNeutralForeground3 },
  value: { margin: 0, overflowWrap: 'anywhere' },
  scroller: { overflowX: 'auto' },
  table: { minWidth: '34rem' },
})

interface Known {
  readonly instance: Instance
  /** What Get Progress says of it; undefined while that is not known. */
  readonly progress: Progress['instances'][number] | undefined
}

/** What there is to know of an instance. */
export function InstanceFacts({ instance, progress }: Known) {
  const styles = useStyles()
  const { t } = useTranslation('instances')
  const { upgradeDomain, faultDomain, size, address, power, role, endpoints } = instance
  return (
    <>
      <dl className={styles.facts}>
        <Fact name={t('fact.role')}>{role}</Fact>
        <Fact name={t('fact.size')}>{size}</Fact>
        <Fact name={t('fact.upgradeDomain')}>{upgradeDomain}</Fact>
        <Fact name={t('fact.faultDomain')}>{faultDomain}</Fact>
        <Fact name={t('fact.host')}>{progress?.host || t('fact.none')}</Fact>
        <Fact name={t('fact.address')}>{address ?? t('fact.none')}</Fact>
        <Fact name={t('fact.power')}>
          <span lang="en">{power}</span>
        </Fact>
        <Fact name={t('fact.rotation')}>{t(`rotation.${rotationOf(endpoints, progress)}`)}</Fact>
        {progress && <Fact name={t('fact.version')}>{progress.version}</Fact>}
      </dl>
      <Subtitle2 as="h2">{t('endpoint.title')}</Subtitle2>
      {endpoints.length === 0 ? <Text>{t('endpoint.none')}</Text> : <Endpoints instance={instance} />}
    </>
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

function Endpoints({ instance: { endpoints, address } }: { readonly instance: Instance }) {
  const styles = useStyles()
  const { t } = useTranslation('instances')
  return (
    <div className={styles.scroller}>
      <Table size="small" className={styles.table} aria-label={t('endpoint.title')}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell>{t('endpoint.name')}</TableHeaderCell>
            <TableHeaderCell>{t('endpoint.protocol')}</TableHeaderCell>
            <TableHeaderCell>{t('endpoint.public')}</TableHeaderCell>
            <TableHeaderCell>{t('endpoint.local')}</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {endpoints.map(({ name, protocol, vip, publicPort, localPort }) => (
            <TableRow key={name}>
              <TableCell>{name}</TableCell>
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
  const { t } = useTranslation('instances')
  const details = progress?.details || instance.details
  return (
    <div aria-live="polite">
      <StatusBadge status={progress?.status ?? instance.status} />
      {details !== '' && <Text lang="en">{` (${details})`}</Text>}
      {progress?.status === 'ReadyRole' && !progress.hasSettled && details === '' && (
        <Text>{` ${t('status.settling')}`}</Text>
      )}
    </div>
  )
}
