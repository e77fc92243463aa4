import { Button, makeStyles, mergeClasses, Spinner, Text, tokens } from '@fluentui/react-components'
import { ArrowSwapRegular, CheckmarkCircleRegular, DismissCircleRegular } from '@fluentui/react-icons'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useManagement } from '../connection/connection.tsx'
import { ChangedSince } from '../form/changed-since.tsx'
import { FormPage, Section } from '../form/form-page.tsx'
import { FormRefusal } from '../form/form-refusal.tsx'
import { servicePath } from '../form/slot.ts'
import { useFormPlace } from '../form/use-form-place.ts'
import { useOpened } from '../form/use-opened.ts'
import { useSending } from '../form/use-sending.ts'
import { useBegin } from '../operations/operations.tsx'
import { type SwapCheck, swapChecks } from './swap-checks.ts'
import { SwapPicture } from './swap-picture.tsx'

const useStyles = makeStyles({
  checks: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalS, margin: 0, padding: 0 },
  check: { display: 'flex', columnGap: tokens.spacingHorizontalS, alignItems: 'flex-start', listStyleType: 'none' },
  icon: { flexShrink: 0, fontSize: tokens.fontSizeBase500, color: tokens.colorPaletteGreenForeground1 },
  fails: { color: tokens.colorPaletteRedForeground1 },
})

/** Swap: staging and production exchange their addresses (U-56 to U-62). */
export function Component() {
  const { service } = useFormPlace()
  return <Swap key={service} />
}

function Swap() {
  const { t } = useTranslation('swap')
  const { service } = useFormPlace()
  const production = useOpened(service, 'Production')
  const staging = useOpened(service, 'Staging')
  const { isSending, error, swap } = useSwap(production.answer?.name, staging.answer?.name)
  if (!production.isKnown || !staging.isKnown) return <Spinner label={t('loading', { ns: 'shell' })} />
  const checks = swapChecks(production.answer, staging.answer)
  return (
    <FormPage
      title={t('title')}
      service={service}
      notices={
        <>
          <ChangedSince changes={production.changes} takeNote={production.takeNote} slot="Production" />
          <ChangedSince changes={staging.changes} takeNote={staging.takeNote} slot="Staging" />
        </>
      }
    >
      <Text>{t('about')}</Text>
      <Section title={t('after')}>
        <SwapPicture production={production.answer} staging={staging.answer} />
      </Section>
      <Section title={t('checks')}>
        <Checks checks={checks} />
        {!production.answer && staging.answer && <Text>{t('moves')}</Text>}
        <div aria-live="assertive">{error && <FormRefusal error={error} service={service} again={swap} />}</div>
        <div>
          <Button
            appearance="primary"
            icon={isSending ? <Spinner size="tiny" /> : <ArrowSwapRegular />}
            disabled={isSending || checks.some(({ holds }) => !holds)}
            onClick={swap}
          >
            {t('start')}
          </Button>
        </div>
      </Section>
    </FormPage>
  )
}

function useSwap(production: string | undefined, source: string | undefined) {
  const { t } = useTranslation('swap')
  const { service } = useFormPlace()
  const management = useManagement()
  const begin = useBegin()
  const navigate = useNavigate()
  const { isSending, error, send } = useSending()
  const swap = () =>
    void send(async () => {
      if (source === undefined) return
      await begin({
        title: t('notice', { service }),
        send: () => management.swap(service, { production, source }),
      })
      await navigate(servicePath(service))
    })
  return { isSending, error, swap }
}

function Checks({ checks }: { readonly checks: readonly SwapCheck[] }) {
  const styles = useStyles()
  const { t } = useTranslation('swap')
  return (
    <ul className={styles.checks} aria-live="polite">
      {checks.map(({ what, holds, found, slots = [] }) => {
        const Icon = holds ? CheckmarkCircleRegular : DismissCircleRegular
        return (
          <li key={what} className={styles.check}>
            <Icon className={mergeClasses(styles.icon, !holds && styles.fails)} aria-label={t(holds ? 'yes' : 'no')} />
            <Text>
              {t(`${what}.${holds ? 'holds' : 'fails'}`, {
                ...found,
                slots: slots.map((slot) => t(`slots.${slot}`, { ns: 'summary' })).join(', '),
              })}
            </Text>
          </li>
        )
      })}
    </ul>
  )
}
