import { Button, makeStyles, mergeClasses, tokens, useRestoreFocusTarget } from '@fluentui/react-components'
import { MoreHorizontalRegular } from '@fluentui/react-icons'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Slot } from '../../../service-management/answers.ts'
import { instancePath } from '../form/slot.ts'
import { PlaceLink } from '../shell/place-link.tsx'
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

interface InstanceItemProps {
  readonly service: string
  readonly slot: Slot
  readonly name: string
  readonly status: string
  readonly details: string
  readonly upgradeDomain: number
  readonly faultDomain: number
  readonly size: string
  readonly address: string | undefined
  readonly host: string | undefined
  /** Undefined where the world does not reach its role, so that it is in no rotation (L-17). */
  readonly inRotation: boolean | undefined
  readonly onMenu: (instance: string, button: HTMLElement) => void
}

/** A role instance with its state. It is made anew only when something of it has changed: so it is given single values. */
export const InstanceItem = memo(function InstanceItem(props: InstanceItemProps) {
  const { service, slot, name, status, details, inRotation, onMenu } = props
  const styles = useStyles()
  const { t } = useTranslation('summary')
  const restoreFocus = useRestoreFocusTarget()
  const word = statusWord(status)
  return (
    <div className={styles.item}>
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
          {inRotation !== undefined && (
            <span>{t(inRotation ? 'instances.inRotation' : 'instances.outOfRotation')}</span>
          )}
          <span>{t('instances.upgradeDomain', { number: props.upgradeDomain })}</span>
          <span>{t('instances.faultDomain', { number: props.faultDomain })}</span>
          <span>{props.size}</span>
          <span>{props.host}</span>
          <span>{props.address}</span>
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
        {...restoreFocus}
        onClick={({ currentTarget }: { currentTarget: HTMLElement }) => onMenu(name, currentTarget)}
      />
    </div>
  )
})
