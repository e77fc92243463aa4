import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components'
import {
  ArrowCircleUpRegular,
  CheckmarkCircleFilled,
  CircleRegular,
  ClockRegular,
  ErrorCircleFilled,
  PlugDisconnectedRegular,
  RecordStopRegular,
  TimerRegular,
} from '@fluentui/react-icons'
import type { StageMark } from './stage-marks.ts'

const useStyles = makeStyles({
  icon: { flexShrink: 0, fontSize: '16px' },
  old: { color: tokens.colorNeutralForeground3 },
  next: { color: tokens.colorNeutralForeground1 },
  leaving: { color: tokens.colorPaletteDarkOrangeForeground1 },
  stopping: { color: tokens.colorPaletteDarkOrangeForeground1 },
  starting: { color: tokens.colorBrandForeground1 },
  settling: { color: tokens.colorPaletteTealForeground2 },
  done: { color: tokens.colorPaletteGreenForeground1 },
  bad: { color: tokens.colorPaletteRedForeground1 },
})

const icons = {
  old: CircleRegular,
  next: ClockRegular,
  leaving: PlugDisconnectedRegular,
  stopping: RecordStopRegular,
  starting: ArrowCircleUpRegular,
  settling: TimerRegular,
  done: CheckmarkCircleFilled,
  bad: ErrorCircleFilled,
} as const

/** The picture of a stage. Its word stands beside it. */
export function StageIcon({ mark }: { readonly mark: StageMark }) {
  const styles = useStyles()
  const Icon = icons[mark]
  return <Icon className={mergeClasses(styles.icon, styles[mark])} aria-hidden />
}
