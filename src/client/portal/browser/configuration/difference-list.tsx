import { makeStyles, Text, tokens } from '@fluentui/react-components'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Difference } from './configuration-differences.ts'

const useStyles = makeStyles({
  list: { margin: 0, paddingLeft: tokens.spacingHorizontalXL, overflowWrap: 'anywhere' },
})

/** What the change consists of. Values of settings are not repeated: they may be secrets. */
export function DifferenceList({ differences }: { readonly differences: readonly Difference[] }) {
  const styles = useStyles()
  const { t } = useTranslation('configuration')
  if (differences.length === 0) return <Text>{t('differences.none')}</Text>
  return (
    <ul className={styles.list}>
      {differences.map((difference) => {
        const words = differenceWords(t, difference)
        return <li key={words}>{words}</li>
      })}
    </ul>
  )
}

function differenceWords(t: TFunction<'configuration'>, difference: Difference): string {
  if (difference === 'elsewhere') return t('differences.elsewhere')
  if (!('place' in difference))
    return t(difference.isAdded ? 'differences.roleAdded' : 'differences.roleRemoved', { role: difference.role })
  const { place, before, after } = difference
  switch (place.what) {
    case 'osFamily':
    case 'osVersion':
      return t(`differences.${place.what}`, { before: before || '–', after: after || '–' })
    case 'instances':
      return t('differences.instances', { role: place.role, before, after })
    case 'setting':
    case 'certificate':
      return t(`differences.${place.what}`, { role: place.role, name: place.name })
  }
}
