import { makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Slot } from '../../../service-management/answers.ts'
import { instancePath } from '../form/slot.ts'
import { PlaceLink } from '../shell/place-link.tsx'
import { StageIcon } from './stage-icon.tsx'
import { stageMarks } from './stage-marks.ts'
import { type Stage, steps, stepsOf } from './stages.ts'

const calm = '@media (prefers-reduced-motion: reduce)'

const useStyles = makeStyles({
  tile: {
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalXXS,
    padding: tokens.spacingHorizontalS,
    borderRadius: tokens.borderRadiusMedium,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
    transitionProperty: 'background-color, border-color, opacity',
    transitionDuration: tokens.durationSlow,
    [calm]: { transitionDuration: '0s' },
    contentVisibility: 'auto',
    containIntrinsicSize: 'auto 68px',
  },
  leaving: { backgroundColor: tokens.colorPaletteDarkOrangeBackground1 },
  stopping: { backgroundColor: tokens.colorPaletteDarkOrangeBackground1 },
  starting: { backgroundColor: tokens.colorBrandBackground2 },
  settling: { backgroundColor: tokens.colorPaletteGreenBackground1 },
  done: { border: `1px solid ${tokens.colorPaletteGreenBorder1}` },
  bad: {
    backgroundColor: tokens.colorPaletteRedBackground1,
    border: `1px solid ${tokens.colorPaletteRedBorder1}`,
  },
  head: { display: 'flex', alignItems: 'center', columnGap: tokens.spacingHorizontalXS },
  name: { flexGrow: 1, minWidth: 0, overflowWrap: 'anywhere', fontSize: tokens.fontSizeBase200 },
  version: { color: tokens.colorNeutralForeground3 },
  // The beginning says what it is; all of it stands on the instance's page.
  details: {
    overflowWrap: 'anywhere',
    overflow: 'hidden',
    display: '-webkit-box',
    WebkitBoxOrient: 'vertical',
    WebkitLineClamp: 6,
  },
  stage: { minHeight: tokens.lineHeightBase200 },
  steps: { display: 'flex', columnGap: '2px' },
  step: {
    flexGrow: 1,
    height: '4px',
    borderRadius: '2px',
    backgroundColor: tokens.colorNeutralStroke2,
    overflow: 'hidden',
  },
  passed: { backgroundColor: tokens.colorPaletteGreenBackground3 },
  at: {
    backgroundColor: tokens.colorBrandBackground,
    animationName: { from: { opacity: 0.4 }, to: { opacity: 1 } },
    animationDuration: '600ms',
    animationDirection: 'alternate',
    animationIterationCount: 'infinite',
    [calm]: { animationName: 'none' },
  },
  trouble: { backgroundColor: tokens.colorPaletteRedBackground3 },
  filling: {
    display: 'block',
    height: '100%',
    backgroundColor: tokens.colorPaletteGreenBackground3,
    transformOrigin: 'left',
    animationName: { from: { transform: 'scaleX(0)' }, to: { transform: 'scaleX(1)' } },
    animationTimingFunction: 'linear',
    animationFillMode: 'forwards',
    [calm]: { animationName: 'none' },
  },
})

export interface WalkTileProps {
  readonly service: string
  readonly slot: Slot
  readonly name: string
  readonly version: number
  readonly stage: Stage
  readonly details: string
  /** How long it has to stay Ready. */
  readonly settleMs: number
}

/** An instance in its upgrade domain: what it does now, how far it is, and which version it has. */
export const WalkTile = memo(function WalkTile(props: WalkTileProps) {
  const { service, slot, name, version, stage, details, settleMs } = props
  const styles = useStyles()
  const { t } = useTranslation('walk')
  const mark = stageMarks[stage]
  const tint = mark === 'old' || mark === 'next' ? undefined : styles[mark]
  return (
    <li className={mergeClasses(styles.tile, tint)} title={details === '' || stage === 'fails' ? undefined : details}>
      <span className={styles.head}>
        <StageIcon mark={mark} />
        <span className={styles.name}>
          <PlaceLink to={instancePath(service, slot, name)}>{name}</PlaceLink>
        </span>
        {/* One that is left alone is counted to the new version without having changed. */}
        {stage !== 'aside' && (
          <Text size={200} className={styles.version}>
            {t('version', { version })}
          </Text>
        )}
      </span>
      <Text size={200} className={styles.stage}>
        {t(`stage.${stage}`)}
      </Text>
      {stage === 'fails' && details !== '' && (
        <Text size={200} lang="en" className={styles.details} title={details}>
          {details}
        </Text>
      )}
      <Steps stage={stage} settleMs={settleMs} />
    </li>
  )
})

/** The way through the steps as a row of bars; the word of the stage says the same. */
function Steps({ stage, settleMs }: Pick<WalkTileProps, 'stage' | 'settleMs'>) {
  const styles = useStyles()
  const { passed, at } = stepsOf(stage)
  return (
    <span className={styles.steps} aria-hidden>
      {steps.map((step, index) => (
        <span
          key={step}
          className={mergeClasses(
            styles.step,
            index < passed && styles.passed,
            index === at && stage !== 'settles' && styles.at,
            index === at && stage === 'fails' && styles.trouble,
          )}
        >
          {index === at && stage === 'settles' && (
            <span className={styles.filling} style={{ animationDuration: `${settleMs}ms` }} />
          )}
        </span>
      ))}
    </span>
  )
}
