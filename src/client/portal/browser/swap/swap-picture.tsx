import {
  makeStyles,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  tokens,
} from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import { type Deployment as DeploymentAnswer } from '../../../../front-end/contract/wire/deployment.ts'
import { deploymentOf } from '../../../service-management/answers.ts'

const useStyles = makeStyles({
  scroller: { overflowX: 'auto' },
  table: { minWidth: '34rem', tableLayout: 'fixed' },
  cell: { overflowWrap: 'anywhere', paddingBlock: tokens.spacingVerticalXS },
  slot: { width: '8rem' },
})

/** Who has which address now, and who will have it. */
export function SwapPicture(props: {
  readonly production: DeploymentAnswer | undefined
  readonly staging: DeploymentAnswer | undefined
}) {
  const styles = useStyles()
  const { t } = useTranslation('swap')
  const { production, staging } = props
  const rows = [
    { slot: 'Production', now: production, next: staging },
    { slot: 'Staging', now: staging, next: production },
  ] as const
  return (
    <div className={styles.scroller}>
      <Table className={styles.table} size="small" aria-label={t('after')}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell className={styles.slot}>{t('slot')}</TableHeaderCell>
            <TableHeaderCell>{t('address')}</TableHeaderCell>
            <TableHeaderCell>{t('now')}</TableHeaderCell>
            <TableHeaderCell>{t('then')}</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {rows.map(({ slot, now, next }) => (
            <TableRow key={slot}>
              <TableCell>{t(`slots.${slot}`, { ns: 'form' })}</TableCell>
              <TableCell className={styles.cell}>{now ? addressOf(now) : t('none')}</TableCell>
              <TableCell className={styles.cell}>{now ? nameOf(now) : t('none')}</TableCell>
              <TableCell className={styles.cell}>{next ? nameOf(next) : t('none')}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  )
}

function addressOf(answer: DeploymentAnswer): string {
  const { url, vip } = deploymentOf(answer)
  return [url, vip].filter(Boolean).join(' · ')
}

function nameOf(answer: DeploymentAnswer): string {
  const { label, name } = deploymentOf(answer)
  return `${label} (${name})`
}
