import { Card, makeStyles, mergeClasses, Subtitle2, Text, tokens } from '@fluentui/react-components'
import { CheckmarkCircleRegular, WarningRegular } from '@fluentui/react-icons'
import { useTranslation } from 'react-i18next'
import type { Plan } from '../../../service-management/updates.ts'
import { byChange } from './upgrade-draft.ts'

type Domain = Plan['domains'][number]

const useStyles = makeStyles({
  card: { rowGap: tokens.spacingVerticalS },
  list: { margin: 0, paddingLeft: tokens.spacingHorizontalXL, overflowWrap: 'anywhere' },
  line: { display: 'flex', columnGap: tokens.spacingHorizontalXS, alignItems: 'center' },
  icon: { flexShrink: 0, color: tokens.colorPaletteGreenForeground1 },
  none: { color: tokens.colorPaletteDarkOrangeForeground1 },
  what: { display: 'block' },
})

/** A step of the plan, an upgrade domain or all at once: what goes down, step by step, and what is left of each endpoint meanwhile. */
export function PlanDomain(props: { readonly title: string; readonly of: Domain }) {
  const styles = useStyles()
  const { t } = useTranslation('upgrade')
  const {
    title,
    of: { instances, steps, capacity },
  } = props
  return (
    <Card className={styles.card} role="group" aria-label={title}>
      <Subtitle2 as="h3">{title}</Subtitle2>
      {byChange(instances).map(([change, names]) => (
        <div key={change}>
          <Text weight="semibold" className={styles.what}>
            {t(`changes.${change}`)}
          </Text>
          <Text>{names.join(', ')}</Text>
        </div>
      ))}
      {capacity.map((endpoint) => (
        <Left key={`${endpoint.role}/${endpoint.endpoint}`} of={endpoint} />
      ))}
      {steps.length > 0 && (
        <ol className={styles.list} lang="en">
          {steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      )}
    </Card>
  )
}

function Left({ of: { role, endpoint, port, instances, left } }: { readonly of: Domain['capacity'][number] }) {
  const styles = useStyles()
  const { t } = useTranslation('upgrade')
  const isNone = left === 0 && instances > 0
  const Icon = isNone ? WarningRegular : CheckmarkCircleRegular
  return (
    <div className={styles.line}>
      <Icon className={mergeClasses(styles.icon, isNone && styles.none)} aria-hidden />
      <Text>{t(isNone ? 'noneLeft' : 'left', { role, endpoint, port, instances, left })}</Text>
    </div>
  )
}
