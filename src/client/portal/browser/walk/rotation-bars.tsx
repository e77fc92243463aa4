import { makeStyles, ProgressBar, Subtitle2, Text, tokens } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import type { Rotation } from './rotation.ts'

const useStyles = makeStyles({
  all: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalXS },
  endpoints: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(14rem, 1fr))',
    gap: tokens.spacingHorizontalL,
    listStyleType: 'none',
    margin: 0,
    padding: 0,
  },
  head: { display: 'flex', flexWrap: 'wrap', justifyContent: 'space-between', columnGap: tokens.spacingHorizontalS },
})

/** How many instances serve at each endpoint now: what the outside world notices of the update. */
export function RotationBars({ rotations }: { readonly rotations: readonly Rotation[] }) {
  const styles = useStyles()
  const { t } = useTranslation('walk')
  return (
    <div className={styles.all}>
      <Subtitle2 as="h3">{t('rotation.title')}</Subtitle2>
      {rotations.length === 0 && <Text size={200}>{t('rotation.noEndpoints')}</Text>}
      <ul className={styles.endpoints}>
        {rotations.map(({ role, name, protocol, serving, instances }) => (
          <li key={`${role}/${name}`}>
            <div className={styles.head}>
              <Text size={200} weight="semibold">{`${role} ${name} (${protocol})`}</Text>
              <Text size={200} aria-live="polite">
                {t('rotation.count', { serving, all: instances.length })}
              </Text>
            </div>
            <ProgressBar
              aria-label={`${role} ${name}`}
              value={serving}
              max={Math.max(1, instances.length)}
              thickness="large"
              color={serving === 0 ? 'error' : serving < instances.length ? 'warning' : 'success'}
            />
          </li>
        ))}
      </ul>
    </div>
  )
}
