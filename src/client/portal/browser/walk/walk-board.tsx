import {
  Card,
  MessageBar,
  MessageBarBody,
  makeStyles,
  ProgressBar,
  Subtitle1,
  Text,
  tokens,
} from '@fluentui/react-components'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Deployment, rolesWithoutEndpoint } from '../../../service-management/answers.ts'
import type { Progress } from '../../../service-management/updates.ts'
import { withoutDetails } from '../../../service-management/waiting-words.ts'
import { useProgress } from '../connection/live.ts'
import { slotPath } from '../form/slot.ts'
import { LinkButton } from '../shell/action-button.tsx'
import { inputEndpointsOf } from '../summary/input-endpoints.ts'
import { Explanation } from './explanation.tsx'
import { Held } from './held.tsx'
import { RollbackButton } from './rollback-button.tsx'
import { rotationOf } from './rotation.ts'
import { RotationBars } from './rotation-bars.tsx'
import { columnsOf, doneCount } from './stages.ts'
import { WalkButton } from './walk-button.tsx'
import { WalkColumns } from './walk-columns.tsx'

const useStyles = makeStyles({
  card: { rowGap: tokens.spacingVerticalM },
  actions: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  waits: { minHeight: tokens.lineHeightBase300 },
  quiet: { color: tokens.colorNeutralForeground3 },
})

interface WalkBoardProps {
  readonly service: string
  readonly deployment: Deployment
  /** On a page of its own. */
  readonly isLarge?: boolean
  /** What is shown when none was active while one looked on. */
  readonly idle?: ReactNode
}

/**
 * An update on its way: domains, instances, who serves, and what can be done now (M-9). When it has ended while one looked on, it says
 * so.
 */
export function WalkBoard({ service, deployment, isLarge = false, idle }: WalkBoardProps) {
  const { value: progress } = useProgress(service, deployment.slot)
  const isActive = progress?.update !== undefined
  const [wasActive, setWasActive] = useState(isActive)
  if (isActive && !wasActive) setWasActive(true)
  if (!progress?.update) return wasActive && progress ? <Ended deployment={deployment} /> : idle
  return (
    <Board service={service} deployment={deployment} isLarge={isLarge} progress={progress} update={progress.update} />
  )
}

function Ended({ deployment: { slot, label } }: Pick<WalkBoardProps, 'deployment'>) {
  const { t } = useTranslation('walk')
  return (
    <MessageBar intent="success" layout="multiline">
      <MessageBarBody>
        {t('ended', { slot: t(`slots.${slot}`, { ns: 'summary' }) })} {t('endedWith', { label })}
      </MessageBarBody>
    </MessageBar>
  )
}

interface BoardProps extends Required<Omit<WalkBoardProps, 'idle'>> {
  readonly progress: Progress
  readonly update: NonNullable<Progress['update']>
}

function Board({ service, deployment, isLarge, progress, update }: BoardProps) {
  const styles = useStyles()
  const { t } = useTranslation('walk')
  const { slot } = deployment
  const { instances, timers } = progress
  const place = { service, slot }
  return (
    <Card
      className={styles.card}
      role="region"
      aria-label={t('title', { service, slot: t(`slots.${slot}`, { ns: 'summary' }) })}
    >
      <Heading update={update} slot={slot} />
      <div className={styles.actions}>
        <WalkButton {...place} update={update} />
        <RollbackButton {...place} deployment={deployment} update={update} />
        {!isLarge && (
          <LinkButton size="small" to={slotPath(service, slot, 'update')}>
            {t('open')}
          </LinkButton>
        )}
      </div>
      <Explanation update={update} settleMs={timers.settleTime} isOpen={isLarge} />
      <Moved update={update} instances={instances} />
      {update.held ? (
        <Held {...place} update={update} held={update.held} />
      ) : (
        <Text className={styles.waits} aria-live="polite">
          {update.waitsFor !== '' && (
            <>
              <span className={styles.quiet}>{t('waitsFor')}: </span>
              <span lang="en">{withoutDetails(update.waitsFor, instances)}</span>
            </>
          )}
        </Text>
      )}
      <RotationBars rotations={rotationOf(inputEndpointsOf(deployment.instances), instances)} />
      <WalkColumns
        {...place}
        columns={columnsOf(update, instances)}
        update={update}
        unreached={rolesWithoutEndpoint(deployment)}
        settleMs={timers.settleTime}
      />
    </Card>
  )
}

function Heading({ update, slot }: Pick<BoardProps, 'update'> & Pick<Deployment, 'slot'>) {
  const styles = useStyles()
  const { t } = useTranslation('walk')
  const { kind, mode, target, role } = update
  return (
    <div>
      <Subtitle1 as="h2">
        {t('heading', {
          kind: t(`kind.${kind}`),
          slot: t(`slots.${slot}`, { ns: 'summary' }),
          target,
          mode: t(`mode.${mode}`),
        })}
      </Subtitle1>
      {role !== undefined && <div className={styles.quiet}>{t('ofRole', { role })}</div>}
    </div>
  )
}

function Moved({ update, instances }: Pick<BoardProps, 'update'> & Pick<Progress, 'instances'>) {
  const { t } = useTranslation('walk')
  const counts = doneCount(update, instances)
  return (
    <div>
      <ProgressBar
        aria-label={t('progress')}
        value={counts.done}
        max={Math.max(1, counts.all)}
        thickness="large"
        color={update.held ? 'error' : 'brand'}
      />
      <Text size={200} aria-live="polite">
        {t('moved', counts)}
      </Text>
    </div>
  )
}
