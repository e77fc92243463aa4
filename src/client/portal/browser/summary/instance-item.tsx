import { Button, makeStyles, mergeClasses, tokens } from '@fluentui/react-components'
import { MoreHorizontalRegular } from '@fluentui/react-icons'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Instance, Slot } from '../../../service-management/answers.ts'
import type { Progress } from '../../../service-management/updates.ts'
import { PlaceLink } from '../shell/place-link.tsx'
import { instancePath } from './paths.ts'
import { StateMark } from './state-mark.tsx'
import { markOf, statusWord } from './status-word.ts'

const useStyles = makeStyles({
  item: {
    display: 'grid',
    gridTemplateColumns: 'auto minmax(0, 1fr) auto',
    alignItems: 'start',
    columnGap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalXS} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
    // What is not on the screen is neither laid out nor painted: a page may have a thousand of them.
    contentVisibility: 'auto',
    containIntrinsicSize: 'auto 48px',
  },
  mark: { paddingTop: '2px' },
  head: { display: 'flex', flexWrap: 'wrap', columnGap: tokens.spacingHorizontalM, alignItems: 'baseline' },
  name: { fontWeight: tokens.fontWeightSemibold, overflowWrap: 'anywhere' },
  traits: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: tokens.spacingHorizontalM,
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
  quiet: { whiteSpace: 'nowrap', overflow: 'hidden', textOverflow: 'ellipsis' },
  details: { fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase200, overflowWrap: 'anywhere' },
})

export interface InstanceItemProps {
  readonly service: string
  readonly slot: Slot
  readonly instance: Instance
  /** What Get Progress says of it, which is known sooner. */
  readonly seen: Progress['instances'][number] | undefined
  /** Whether the world reaches its role (L-17). */
  readonly isReached: boolean
  readonly onMenu: (instance: string, button: HTMLElement) => void
}

/** A role instance with its state. It is made anew only when something of it has changed. */
export const InstanceItem = memo(function InstanceItem(props: InstanceItemProps) {
  const { service, slot, instance, seen, isReached, onMenu } = props
  const styles = useStyles()
  const { t } = useTranslation('summary')
  const { name, upgradeDomain, faultDomain, size, address } = instance
  const { status, details } = seen ?? instance
  const word = statusWord(status)
  return (
    <li className={styles.item}>
      <span className={styles.mark}>
        <StateMark mark={markOf(word)} />
      </span>
      <div>
        <div className={styles.head}>
          <span className={styles.name}>
            <PlaceLink to={instancePath(service, slot, name)}>{name}</PlaceLink>
          </span>
          <span>{t(`status.${word}`)}</span>
        </div>
        <div className={styles.traits}>
          {isReached && seen && <span>{t(seen.inRotation ? 'instances.inRotation' : 'instances.outOfRotation')}</span>}
          <span>{t('instances.upgradeDomain', { number: upgradeDomain })}</span>
          <span>{t('instances.faultDomain', { number: faultDomain })}</span>
          <span>{size}</span>
          {seen && <span>{seen.host}</span>}
          {address !== undefined && <span>{address}</span>}
        </div>
        {details !== '' && (
          <div className={mergeClasses(styles.details, word === 'ready' && styles.quiet)} title={details} lang="en">
            {details}
          </div>
        )}
      </div>
      <Button
        appearance="subtle"
        size="small"
        icon={<MoreHorizontalRegular />}
        aria-haspopup="menu"
        aria-label={t('instances.more', { instance: name })}
        onClick={({ currentTarget }: { currentTarget: HTMLElement }) => onMenu(name, currentTarget)}
      />
    </li>
  )
})
