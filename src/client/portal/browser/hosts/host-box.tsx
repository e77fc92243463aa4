import {
  Button,
  Card,
  makeStyles,
  mergeClasses,
  Subtitle2,
  Text,
  tokens,
  useRestoreFocusTarget,
} from '@fluentui/react-components'
import {
  ArrowSyncCircleRegular,
  CheckmarkCircleRegular,
  ErrorCircleRegular,
  PauseCircleRegular,
  WrenchRegular,
} from '@fluentui/react-icons'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Host } from '../../../service-management/service-management.ts'
import { PlaceLink } from '../shell/place-link.tsx'
import { coresOf } from './cores.ts'
import type { PlacedInstance } from './use-placed.ts'

const icons: Readonly<Record<Host['state'], typeof WrenchRegular>> = {
  Reserve: PauseCircleRegular,
  InService: CheckmarkCircleRegular,
  Lost: ErrorCircleRegular,
  Draining: ArrowSyncCircleRegular,
  Drained: WrenchRegular,
}

const useStyles = makeStyles({
  box: { rowGap: tokens.spacingVerticalS },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: tokens.spacingHorizontalS },
  name: { flexGrow: 1, overflowWrap: 'anywhere' },
  state: { display: 'inline-flex', alignItems: 'center', columnGap: tokens.spacingHorizontalXS },
  icon: { fontSize: '1.25em' },
  InService: { color: tokens.colorStatusSuccessForeground1 },
  Lost: { color: tokens.colorStatusDangerForeground1 },
  Draining: { color: tokens.colorBrandForeground1 },
  Drained: { color: tokens.colorStatusWarningForeground3 },
  Reserve: { color: tokens.colorNeutralForeground3 },
  cores: { display: 'flex', flexWrap: 'wrap', gap: '3px' },
  core: {
    width: '1.5rem',
    height: '1.5rem',
    boxSizing: 'border-box',
    borderRadius: tokens.borderRadiusSmall,
    border: `1px dashed ${tokens.colorNeutralStrokeAccessible}`,
  },
  used: { border: 'none', backgroundColor: tokens.colorBrandBackground },
  /** Those of the instance whose name the reader points at. */
  looked: { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '1px' },
  list: { margin: 0, paddingLeft: tokens.spacingHorizontalL },
  instances: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: tokens.spacingHorizontalM,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
  },
})

interface Shown {
  readonly host: Host
  readonly placed: readonly PlacedInstance[]
  ask(action: 'drain' | 'endDrain'): void
}

/** A host: its cores as cells, what runs on it, and what it waits for. */
export function HostBox({ host, placed, ask }: Shown) {
  const styles = useStyles()
  const { t } = useTranslation('hosts')
  const restoreFocus = useRestoreFocusTarget()
  const [looked, setLooked] = useState<string>()
  const { name, state, cores, freeCores, waitsFor } = host
  const Icon = icons[state]
  const isServiced = state === 'Draining' || state === 'Drained'
  return (
    <Card className={styles.box} role="group" aria-label={name}>
      <div className={styles.head}>
        <Subtitle2 as="h3" className={styles.name}>
          {name}
        </Subtitle2>
        <span className={styles.state} aria-live="polite">
          <Icon className={mergeClasses(styles.icon, styles[state])} aria-hidden />
          {t(`state.${state}`)}
        </span>
      </div>
      <Cores host={host} placed={placed} looked={looked} />
      <Text size={200}>{t('cores', { free: freeCores, count: cores })}</Text>
      {placed.length === 0 ? <Text>{t('noInstance')}</Text> : <Instances placed={placed} look={setLooked} />}
      <div aria-live="polite">
        {waitsFor.length > 0 && (
          <>
            <Text>{t('waitsFor')}</Text>
            <ul className={styles.list} lang="en">
              {waitsFor.map((wait) => (
                <li key={wait}>{wait}</li>
              ))}
            </ul>
          </>
        )}
      </div>
      <div>
        <Button size="small" {...restoreFocus} onClick={() => ask(isServiced ? 'endDrain' : 'drain')}>
          {isServiced ? t('endDrain.button') : t('drain.button')}
        </Button>
      </div>
    </Card>
  )
}

/** Instances by the slot that they are of: every service may have a Web_IN_0. */
function Instances({ placed, look }: Pick<Shown, 'placed'> & { look(key: string | undefined): void }) {
  const styles = useStyles()
  const ownerWords = useOwnerWords()
  return [...Map.groupBy(placed, ownerWords)].map(([owner, members]) => (
    <div key={owner}>
      <Text size={200}>{owner}</Text>
      <ul className={styles.instances} aria-label={owner}>
        {members.map(({ key, name, path }) => (
          <li
            key={key}
            onPointerEnter={() => look(key)}
            onPointerLeave={() => look(undefined)}
            onFocus={() => look(key)}
            onBlur={() => look(undefined)}
          >
            {path === undefined ? name : <PlaceLink to={path}>{name}</PlaceLink>}
          </li>
        ))}
      </ul>
    </div>
  ))
}

function useOwnerWords() {
  const { t } = useTranslation('summary')
  return ({ owner }: PlacedInstance) => (owner ? `${owner.service} · ${t(`slots.${owner.slot}`)}` : '')
}

function Cores({ host, placed, looked }: Pick<Shown, 'host' | 'placed'> & { readonly looked: string | undefined }) {
  const styles = useStyles()
  const { t } = useTranslation('hosts')
  const ownerWords = useOwnerWords()
  const names = new Map(placed.map((one) => [one.key, `${ownerWords(one)} ${one.name}`.trim()]))
  const keyed = placed.map(({ key, size }) => ({ name: key, size }))
  return (
    <div className={styles.cores} role="img" aria-label={t('cores', { free: host.freeCores, count: host.cores })}>
      {coresOf(host, keyed).map((core, at) => (
        <span
          key={at}
          className={mergeClasses(
            styles.core,
            core.kind === 'used' && styles.used,
            core.kind === 'used' && looked !== undefined && core.instances.includes(looked) && styles.looked,
          )}
          title={core.kind === 'used' ? core.instances.map((key) => names.get(key)).join(', ') : t('free')}
        />
      ))}
    </div>
  )
}
