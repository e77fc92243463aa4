import { Badge, makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import type { Slot } from '../../../service-management/answers.ts'
import type { Progress } from '../../../service-management/updates.ts'
import { narrow } from '../shell/navigation.tsx'
import { StageIcon } from './stage-icon.tsx'
import { stageMarks } from './stage-marks.ts'
import { type Column, stageCounts, stageOf } from './stages.ts'
import { WalkSquare } from './walk-square.tsx'
import { WalkTile } from './walk-tile.tsx'

const useStyles = makeStyles({
  columns: {
    display: 'grid',
    gridAutoFlow: 'column',
    gridAutoColumns: 'minmax(11rem, 1fr)',
    gap: tokens.spacingHorizontalS,
    overflowX: 'auto',
    [narrow]: { gridAutoFlow: 'row', gridAutoColumns: 'auto' },
  },
  column: {
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalXS,
    padding: tokens.spacingHorizontalS,
    borderRadius: tokens.borderRadiusMedium,
    border: `2px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  now: { border: `2px solid ${tokens.colorBrandStroke1}` },
  next: { border: `2px dashed ${tokens.colorNeutralStroke1}` },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalXS,
  },
  squares: { listStyleType: 'none', margin: 0, padding: 0, display: 'flex', flexWrap: 'wrap', gap: '2px' },
  counts: { display: 'flex', flexWrap: 'wrap', columnGap: tokens.spacingHorizontalM },
  count: { display: 'inline-flex', alignItems: 'center', columnGap: tokens.spacingHorizontalXS },
  tiles: {
    listStyleType: 'none',
    margin: 0,
    padding: 0,
    display: 'grid',
    alignItems: 'start',
    gridTemplateColumns: 'repeat(auto-fill, minmax(9rem, 1fr))',
    gap: tokens.spacingHorizontalXS,
  },
})

/** Instances of a domain that are shown each with its name; of more, each is a square. */
const mostTiles = 24

const badges = {
  walked: { color: 'success', appearance: 'tint' },
  now: { color: 'brand', appearance: 'filled' },
  next: { color: 'brand', appearance: 'outline' },
  waits: { color: 'informative', appearance: 'tint' },
} as const

interface WalkColumnsProps {
  readonly service: string
  readonly slot: Slot
  readonly columns: readonly Column[]
  readonly update: NonNullable<Progress['update']>
  /** Roles that the world does not reach. */
  readonly unreached: ReadonlySet<string>
  readonly settleMs: number
}

/** The upgrade domains side by side; one below the other where there is no room. */
export function WalkColumns({ service, slot, columns, update, unreached, settleMs }: WalkColumnsProps) {
  const styles = useStyles()
  const { t } = useTranslation('walk')
  const isCompact = columns.some((column) => column.instances.length > mostTiles)
  const Tile = isCompact ? WalkSquare : WalkTile
  return (
    <div className={styles.columns}>
      {columns.map(({ domain, standing, instances }) => (
        <section
          key={domain}
          className={mergeClasses(styles.column, standing === 'now' && styles.now, standing === 'next' && styles.next)}
          aria-label={t('domain', { number: domain })}
        >
          <div className={styles.head}>
            <Text as="h3" weight="semibold">
              {t('domain', { number: domain })}
            </Text>
            <Badge {...badges[standing]}>{t(`standing.${standing}`)}</Badge>
          </div>
          {isCompact && <StageCounts instances={instances} update={update} unreached={unreached} />}
          {instances.length === 0 && <Text size={200}>{t('noInstances')}</Text>}
          <ul className={isCompact ? styles.squares : styles.tiles}>
            {instances.map((instance) => (
              <Tile
                key={instance.name}
                service={service}
                slot={slot}
                name={instance.name}
                version={instance.version}
                stage={stageOf(update, instance, !unreached.has(instance.role))}
                details={instance.details}
                settleMs={settleMs}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

/** How many instances of a domain are how far. */
function StageCounts({
  instances,
  update,
  unreached,
}: Pick<WalkColumnsProps, 'update' | 'unreached'> & Pick<Column, 'instances'>) {
  const styles = useStyles()
  const { t } = useTranslation('walk')
  return (
    <span className={styles.counts}>
      {stageCounts(update, instances, unreached).map(({ stage, count }) => (
        <Text key={stage} size={200} className={styles.count}>
          <StageIcon mark={stageMarks[stage]} />
          {`${t(`stage.${stage}`)}: ${count}`}
        </Text>
      ))}
    </span>
  )
}
