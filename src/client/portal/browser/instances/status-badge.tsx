import { makeStyles, tokens } from '@fluentui/react-components'
import {
  ArrowSyncCircleRegular,
  CheckmarkCircleRegular,
  CircleHintRegular,
  ErrorCircleRegular,
  PauseCircleRegular,
  SubtractCircleRegular,
} from '@fluentui/react-icons'
import { useTranslation } from 'react-i18next'
import { type StatusTone, statusWordOf } from './status-words.ts'

const icons: Readonly<Record<StatusTone, typeof CheckmarkCircleRegular>> = {
  good: CheckmarkCircleRegular,
  moving: ArrowSyncCircleRegular,
  bad: ErrorCircleRegular,
  stopping: SubtractCircleRegular,
  off: PauseCircleRegular,
  unknown: CircleHintRegular,
}

const useStyles = makeStyles({
  status: { display: 'inline-flex', alignItems: 'center', columnGap: tokens.spacingHorizontalXS, whiteSpace: 'nowrap' },
  icon: { fontSize: '1.25em', flexShrink: 0 },
  good: { color: tokens.colorStatusSuccessForeground1 },
  moving: { color: tokens.colorBrandForeground1 },
  bad: { color: tokens.colorStatusDangerForeground1 },
  stopping: { color: tokens.colorStatusWarningForeground3 },
  off: { color: tokens.colorNeutralForeground3 },
  unknown: { color: tokens.colorNeutralForeground3 },
})

/** An instance's status in the words of the portal (T-11), with a sign for it. */
export function StatusBadge({ status }: { readonly status: string }) {
  const styles = useStyles()
  const { t } = useTranslation('instances')
  const { word, tone } = statusWordOf(status)
  const Icon = icons[tone]
  return (
    <span className={styles.status}>
      <Icon className={`${styles.icon} ${styles[tone]}`} aria-hidden />
      {word === undefined ? <span lang="en">{status}</span> : t(`status.${word}`)}
    </span>
  )
}
