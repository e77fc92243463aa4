import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components'
import {
  ArrowSyncCircleRegular,
  CheckmarkCircleFilled,
  ErrorCircleFilled,
  PauseCircleRegular,
  QuestionCircleRegular,
} from '@fluentui/react-icons'
import type { Mark } from './status-word.ts'

const useStyles = makeStyles({
  icon: { flexShrink: 0, fontSize: '16px' },
  good: { color: tokens.colorPaletteGreenForeground1 },
  moving: { color: tokens.colorBrandForeground1 },
  resting: { color: tokens.colorNeutralForeground3 },
  bad: { color: tokens.colorPaletteRedForeground1 },
  unknown: { color: tokens.colorPaletteDarkOrangeForeground1 },
})

const icons = {
  good: CheckmarkCircleFilled,
  moving: ArrowSyncCircleRegular,
  resting: PauseCircleRegular,
  bad: ErrorCircleFilled,
  unknown: QuestionCircleRegular,
} as const

/** The picture of a state. Its word stands beside it. */
export function StateMark({ mark }: { readonly mark: Mark }) {
  const styles = useStyles()
  const Icon = icons[mark]
  return <Icon className={mergeClasses(styles.icon, styles[mark])} aria-hidden />
}
