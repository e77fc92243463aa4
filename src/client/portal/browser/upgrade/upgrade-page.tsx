import { Button, MessageBar, MessageBarBody, Spinner, Text } from '@fluentui/react-components'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { hinders } from '../../../../service-model/findings/finding.ts'
import type { WantedUpgrade } from '../../../service-management/updates.ts'
import { useManagement } from '../connection/connection.tsx'
import { defaultLabel } from '../deployment/deployment-draft.ts'
import { ChangedSince } from '../form/changed-since.tsx'
import { FormPage, Section } from '../form/form-page.tsx'
import { FormRefusal } from '../form/form-refusal.tsx'
import { configuredCounts, singleInstanceRoles, standingCounts } from '../form/instance-counts.ts'
import { servicePath, slotPath } from '../form/slot.ts'
import { type Tick, Ticks, useTicks } from '../form/ticks.tsx'
import { useFormPlace } from '../form/use-form-place.ts'
import { useOpened } from '../form/use-opened.ts'
import { useSending } from '../form/use-sending.ts'
import { useBegin } from '../operations/operations.tsx'
import { Findings } from '../package/findings.tsx'
import { useConfigurationFile } from '../package/use-configuration.ts'
import { type FormPackage, usePackage } from '../package/use-package.ts'
import { PlaceLink } from '../shell/place-link.tsx'
import { PlanPart } from './plan-part.tsx'
import { RelatedPages } from './related-pages.tsx'
import { newUpgrade, type UpgradeDraft, wantedUpgrade } from './upgrade-draft.ts'
import { UpgradeFields } from './upgrade-fields.tsx'
import { usePlan } from './use-plan.ts'

/** Upgrade… (M-1 to M-7, M-10, M-12). */
export function Component() {
  const { service, slot } = useFormPlace()
  return <Upgrade key={`${service}/${slot}`} />
}

function Upgrade() {
  const { t } = useTranslation('upgrade')
  const { service, slot } = useFormPlace()
  const standing = useOpened(service, slot)
  const { isKnown, answer, changes, takeNote } = standing
  const form = useUpgradeForm(standing)
  if (!isKnown) return <Spinner label={t('loading', { ns: 'shell' })} />
  if (!answer) return <Empty />
  return (
    <FormPage
      title={t('title')}
      service={service}
      slot={slot}
      notices={
        <>
          <ChangedSince changes={changes} takeNote={takeNote} />
          {answer.upgradeStatus && <TakesOver />}
        </>
      }
    >
      <Section title={t('options')}>
        <UpgradeFields {...form} deployment={answer.name} roles={[...form.counts.keys()]} />
      </Section>
      {form.examined && (
        <Section title={t('findings')}>
          <Findings of={form.examined} />
        </Section>
      )}
      <Section title={t('plan')}>
        <Start form={form} />
      </Section>
      <RelatedPages service={service} />
    </FormPage>
  )
}

/** What was chosen so far, and the plan of it. */
function useUpgradeForm({ answer, now }: ReturnType<typeof useOpened>) {
  const { service } = useFormPlace()
  const [draft, setDraft] = useState(() => newUpgrade(defaultLabel(service, new Date())))
  const pack = usePackage()
  const file = useConfigurationFile()
  const there = pack.state.kind === 'there' ? pack.state : undefined
  const wanted = wantedUpgrade(draft, { packageUrl: there?.url, configuration: file.text })
  return {
    draft,
    change: (more: Partial<UpgradeDraft>) => setDraft({ ...draft, ...more }),
    pack,
    file,
    examined: there?.examined,
    wanted,
    plan: usePlan(wanted, now),
    counts: standingCounts((answer?.roleInstances ?? []).map(({ roleName }) => ({ role: roleName }))),
  }
}

/** The plan, what has to be ticked, and the button that begins. */
function Start({ form }: { readonly form: ReturnType<typeof useUpgradeForm> }) {
  const { t } = useTranslation('upgrade')
  const { service, slot } = useFormPlace()
  const { draft, pack, file, examined, wanted, plan, counts } = form
  const { isSending, error, start } = useStart(pack)
  const hindrances = examined?.findings.filter(hinders).length ?? 0
  const ticks = useTicks(useTicksNeeded(hindrances, [counts, configuredCounts(file.text ?? '')], draft))
  const begin = () => wanted && void start(wanted)
  const isPlanned = plan.data !== undefined && !plan.data.refusal && !plan.isFetching
  return (
    <>
      <PlanPart plan={plan} isAsked={wanted !== undefined} />
      <Ticks {...ticks} />
      <div aria-live="assertive">
        {error && <FormRefusal error={error} service={service} slot={slot} again={begin} />}
      </div>
      {draft.mode === 'Manual' && !draft.isSimultaneous && <Text>{t('manualNext')}</Text>}
      <div>
        <Button
          appearance="primary"
          disabled={!wanted || !isPlanned || !ticks.areAllSet || isSending}
          icon={isSending ? <Spinner size="tiny" /> : null}
          onClick={begin}
        >
          {t('start')}
        </Button>
      </div>
    </>
  )
}

/** Begins the upgrade; a manual one goes on where it is walked. What was uploaded is deleted when the operation has ended (B-2). */
function useStart(pack: FormPackage) {
  const { t } = useTranslation('upgrade')
  const { service, slot } = useFormPlace()
  const management = useManagement()
  const begin = useBegin()
  const navigate = useNavigate()
  const { isSending, error, send } = useSending()
  const start = (wanted: WantedUpgrade) =>
    send(async () => {
      const { ended } = await begin({
        title: t('notice', { service }),
        send: () => management.upgradeDeployment(service, slot, wanted),
      })
      void ended.finally(pack.handOver())
      await navigate(slotPath(service, slot, 'update'))
    })
  return { isSending, error, start }
}

/** Findings that hinder, and roles of one instance among those concerned (M-10). */
function useTicksNeeded(
  hindrances: number,
  counts: readonly ReadonlyMap<string, number>[],
  { role: only }: UpgradeDraft,
): readonly Tick[] {
  const { t } = useTranslation('form')
  return [
    ...(hindrances === 0 ? [] : [{ key: `hindered ${hindrances}`, label: t('tick.hindered', { count: hindrances }) }]),
    ...singleInstanceRoles(counts, only === '' ? undefined : only).map((role) => ({
      key: `single ${role}`,
      label: t('tick.single', { role }),
    })),
  ]
}

/** The active update ends with this one, which begins again at the first domain (U-42). */
function TakesOver() {
  const { t } = useTranslation('upgrade')
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>{t('takesOver')}</MessageBarBody>
    </MessageBar>
  )
}

function Empty() {
  const { t } = useTranslation('upgrade')
  const { service, slot } = useFormPlace()
  return (
    <FormPage title={t('title')} service={service} slot={slot}>
      <MessageBar intent="warning" layout="multiline">
        <MessageBarBody>
          {t('empty')} <PlaceLink to={slotPath(service, slot, 'deploy')}>{t('deployInstead')}</PlaceLink>
          {' · '}
          <PlaceLink to={servicePath(service)}>{service}</PlaceLink>
        </MessageBarBody>
      </MessageBar>
    </FormPage>
  )
}
