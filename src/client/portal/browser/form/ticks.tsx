import { Checkbox, makeStyles, tokens } from '@fluentui/react-components'
import { useState } from 'react'

/** Something that has to be ticked before going on (M-10). */
export interface Tick {
  /** What it is about: when that changes, it has to be ticked again. */
  readonly key: string
  readonly label: string
}

const useStyles = makeStyles({ ticks: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalXXS } })

/** The ticks that are set, and whether all are. */
export function useTicks(ticks: readonly Tick[]) {
  const [set, change] = useState<ReadonlySet<string>>(new Set())
  return {
    ticks,
    set,
    areAllSet: ticks.every(({ key }) => set.has(key)),
    toggle: (key: string, isSet: boolean) =>
      change((former) => new Set(isSet ? [...former, key] : [...former].filter((one) => one !== key))),
  }
}

export function Ticks({ ticks, set, toggle }: ReturnType<typeof useTicks>) {
  const styles = useStyles()
  if (ticks.length === 0) return null
  return (
    <div className={styles.ticks}>
      {ticks.map(({ key, label }) => (
        <Checkbox
          key={key}
          required
          checked={set.has(key)}
          onChange={(_, { checked }) => toggle(key, checked === true)}
          label={label}
        />
      ))}
    </div>
  )
}
