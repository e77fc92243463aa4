import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { instancePath } from '../form/slot.ts'
import { StageIcon } from './stage-icon.tsx'
import { stageMarks } from './stage-marks.ts'
import type { WalkTileProps } from './walk-tile.tsx'

const useStyles = makeStyles({
  square: {
    width: '24px',
    height: '24px',
    borderRadius: tokens.borderRadiusSmall,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  moving: { backgroundColor: tokens.colorBrandBackground2 },
  leaving: { backgroundColor: tokens.colorPaletteDarkOrangeBackground1 },
  settling: { backgroundColor: tokens.colorPaletteGreenBackground1 },
  bad: { backgroundColor: tokens.colorPaletteRedBackground1 },
  link: { display: 'grid', placeItems: 'center', width: '100%', height: '100%' },
})

/** An instance where there are many: its picture alone, with name and stage for who points at it or listens. */
export const WalkSquare = memo(function WalkSquare({ service, slot, name, stage }: WalkTileProps) {
  const styles = useStyles()
  const { t } = useTranslation('walk')
  const mark = stageMarks[stage]
  const words = `${name}: ${t(`stage.${stage}`)}`
  return (
    <li
      className={mergeClasses(
        styles.square,
        mark === 'starting' && styles.moving,
        (mark === 'leaving' || mark === 'stopping') && styles.leaving,
        mark === 'settling' && styles.settling,
        mark === 'bad' && styles.bad,
      )}
    >
      <Link className={styles.link} to={instancePath(service, slot, name)} title={words} aria-label={words}>
        <StageIcon mark={mark} />
      </Link>
    </li>
  )
})
