import {
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  Spinner,
  Text,
  tokens,
} from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import { ApiRefusal } from '../../../service-management/api.ts'
import type { Plan } from '../../../service-management/updates.ts'
import { FormRefusal } from '../form/form-refusal.tsx'
import { useFormPlace } from '../form/use-form-place.ts'
import { Warnings } from '../package/findings.tsx'
import { PlanDomain } from './plan-domain.tsx'
import { interruptions } from './upgrade-draft.ts'
import type { PlanQuery } from './use-plan.ts'

const useStyles = makeStyles({
  all: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
  planning: { justifyContent: 'flex-start' },
  domains: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 22rem), 1fr))',
    gap: tokens.spacingHorizontalM,
  },
  list: { margin: 0, paddingLeft: tokens.spacingHorizontalXL, overflowWrap: 'anywhere' },
})

/** What the upgrade would do, before it is begun. */
export function PlanPart({ plan, isAsked }: { readonly plan: PlanQuery; readonly isAsked: boolean }) {
  const styles = useStyles()
  const { t } = useTranslation('upgrade')
  const { service, slot } = useFormPlace()
  const { data, error, isFetching, refetch } = plan
  return (
    <div className={styles.all} aria-live="polite" aria-busy={isFetching}>
      {!isAsked && <Text>{t('planEmpty')}</Text>}
      {isAsked && isFetching && (
        <Spinner className={styles.planning} size="tiny" labelPosition="after" label={t('planning')} />
      )}
      {isAsked && error && !isFetching && (
        <FormRefusal error={error} service={service} slot={slot} again={() => void refetch()} />
      )}
      {isAsked && !error && data && <PlanShown plan={data} />}
    </div>
  )
}

function PlanShown({ plan }: { readonly plan: Plan }) {
  const styles = useStyles()
  const { t } = useTranslation('upgrade')
  const { service, slot } = useFormPlace()
  const { mode, refusal, differences, domains, added, removed, warnings } = plan
  return (
    <>
      {refusal && (
        <FormRefusal
          title={t('wouldBeRefused')}
          error={new ApiRefusal(refusal.message, 400, refusal.code)}
          service={service}
          slot={slot}
        />
      )}
      {(!refusal || differences.length > 0) && <Comparison plan={plan} />}
      {!refusal && <Outlook plan={plan} />}
      <div className={styles.domains}>
        {domains.map((domain) => (
          <PlanDomain
            key={domain.domain}
            title={mode === 'Simultaneous' ? t('allDomains') : t('domain', { domain: domain.domain })}
            of={domain}
          />
        ))}
      </div>
      {added.length > 0 && <Text>{t('added', { instances: added.join(', ') })}</Text>}
      {removed.length > 0 && <Text>{t('removed', { instances: removed.join(', ') })}</Text>}
      <Warnings warnings={warnings} />
    </>
  )
}

/** The policy is said with it (U-6). */
function Comparison({ plan: { differences, policy } }: { readonly plan: Plan }) {
  const styles = useStyles()
  const { t } = useTranslation('upgrade')
  return (
    <div>
      <Text>
        {t(differences.length === 0 ? 'same' : 'differs')} {t(`policy.${policy}`)}
      </Text>
      {differences.length > 0 && (
        <ul className={styles.list} lang="en">
          {differences.map((difference) => (
            <li key={difference}>{difference}</li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** Whether somebody answers all the while. */
function Outlook({ plan }: { readonly plan: Plan }) {
  const { t } = useTranslation('upgrade')
  const down = interruptions(plan)
  const isAtOnce = plan.mode === 'Simultaneous'
  const isInterrupted = down.length > 0 || isAtOnce
  return (
    <MessageBar intent={isInterrupted ? 'warning' : 'success'} layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{t(isInterrupted ? 'interrupted' : 'uninterrupted')}</MessageBarTitle>
        {isAtOnce && t('interruptedAtOnce')}
        {!isAtOnce && isInterrupted && t('interruptedIn', { domains: down.join(', '), count: down.length })}
      </MessageBarBody>
    </MessageBar>
  )
}
