import { Button, Checkbox, Field, Input, MessageBar, MessageBarBody, Spinner, Text } from '@fluentui/react-components'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { hinders } from '../../../../service-model/findings/finding.ts'
import { configurationForm } from '../configuration/configuration-form.ts'
import { useManagement } from '../connection/connection.tsx'
import { ChangedSince } from '../form/changed-since.tsx'
import { FormPage, Section } from '../form/form-page.tsx'
import { FormRefusal } from '../form/form-refusal.tsx'
import { configuredCounts, singleInstanceRoles } from '../form/instance-counts.ts'
import { servicePath, slotPath } from '../form/slot.ts'
import { type Tick, Ticks, useTicks } from '../form/ticks.tsx'
import { useFormPlace } from '../form/use-form-place.ts'
import { useOpened } from '../form/use-opened.ts'
import { useSending } from '../form/use-sending.ts'
import { useBegin } from '../operations/operations.tsx'
import { ConfigurationField } from '../package/configuration-field.tsx'
import { PackageField } from '../package/package-field.tsx'
import { useConfigurationFile } from '../package/use-configuration.ts'
import { type FormPackage, usePackage } from '../package/use-package.ts'
import { PlaceLink } from '../shell/place-link.tsx'
import { Before } from './before.tsx'
import { type Brought, type DeploymentDraft, lackingOf, newDraft, wantedDeployment } from './deployment-draft.ts'

/** New deployment: a package and a configuration into an empty slot. */
export function Component() {
  const { service, slot } = useFormPlace()
  // Another slot is another form.
  return <NewDeployment key={`${service}/${slot}`} />
}

function NewDeployment() {
  const { t } = useTranslation('deploy')
  const { service, slot } = useFormPlace()
  const { isKnown, answer, changes, takeNote } = useOpened(service, slot)
  const [draft, setDraft] = useState(() => newDraft(service, crypto.randomUUID().replaceAll('-', ''), new Date()))
  const pack = usePackage()
  const file = useConfigurationFile()
  const { isSending, error, start } = useStart(pack)
  const examined = pack.state.kind === 'there' ? pack.state.examined : undefined
  const brought: Brought = {
    packageUrl: pack.state.kind === 'there' ? pack.state.url : undefined,
    configuration: file.text,
  }
  const lacking = lackingOf(draft, brought)
  const ticks = useTicks(useTicksNeeded(examined?.findings.filter(hinders).length ?? 0, file.text))
  const begin = () => void start(draft, brought)
  if (!isKnown) return <Spinner label={t('loading', { ns: 'shell' })} />
  return (
    <FormPage
      title={t('title')}
      service={service}
      slot={slot}
      notices={
        <>
          {answer && <Occupied />}
          <ChangedSince changes={changes} takeNote={takeNote} />
        </>
      }
    >
      <Section title={t('what')}>
        <PackageField of={pack} />
        <ConfigurationField of={file} />
        <DraftFields draft={draft} change={(more) => setDraft({ ...draft, ...more })} />
      </Section>
      <Section title={t('before')}>
        <Before examined={examined} configuration={file.text && configurationForm(file.text)} />
        <Ticks {...ticks} />
        {lacking.length > 0 && (
          <Text>{t('lacking', { what: lacking.map((what) => t(`lacks.${what}`)).join(t('and')) })}</Text>
        )}
        <div aria-live="assertive">
          {error && <FormRefusal error={error} service={service} slot={slot} again={begin} />}
        </div>
        <div>
          <Button
            appearance="primary"
            disabled={lacking.length > 0 || !ticks.areAllSet || isSending}
            icon={isSending ? <Spinner size="tiny" /> : null}
            onClick={begin}
          >
            {t('start')}
          </Button>
        </div>
      </Section>
    </FormPage>
  )
}

/** Creates the deployment and goes to the Summary page. What was uploaded is deleted when the operation has ended (B-2). */
function useStart(pack: FormPackage) {
  const { t } = useTranslation('deploy')
  const { service, slot } = useFormPlace()
  const management = useManagement()
  const begin = useBegin()
  const navigate = useNavigate()
  const { isSending, error, send } = useSending()
  const start = (draft: DeploymentDraft, brought: Brought) =>
    send(async () => {
      const wanted = wantedDeployment(draft, brought)
      if (!wanted) return
      const { ended } = await begin({
        title: t('notice', { service }),
        send: () => management.createDeployment(service, slot, wanted),
      })
      const remove = pack.handOver()
      void ended.finally(remove)
      await navigate(servicePath(service))
    })
  return { isSending, error, start }
}

/** Findings that hinder, and roles of one instance (M-10). */
function useTicksNeeded(hindrances: number, configuration: string | undefined): readonly Tick[] {
  const { t } = useTranslation('form')
  const single = configuration === undefined ? [] : singleInstanceRoles([configuredCounts(configuration)])
  return [
    ...(hindrances === 0 ? [] : [{ key: `hindered ${hindrances}`, label: t('tick.hindered', { count: hindrances }) }]),
    ...single.map((role) => ({ key: `single ${role}`, label: t('tick.singleNew', { role }) })),
  ]
}

function Occupied() {
  const { t } = useTranslation('deploy')
  const { service, slot } = useFormPlace()
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        {t('occupied')} <PlaceLink to={slotPath(service, slot, 'upgrade')}>{t('upgradeInstead')}</PlaceLink>
      </MessageBarBody>
    </MessageBar>
  )
}

function DraftFields(props: {
  readonly draft: DeploymentDraft
  readonly change: (more: Partial<DeploymentDraft>) => void
}) {
  const { t } = useTranslation('deploy')
  const { draft, change } = props
  return (
    <>
      <Field label={t('name')} required>
        <Input value={draft.name} onChange={(_, { value }) => change({ name: value })} />
      </Field>
      <Field label={t('label')} required>
        <Input value={draft.label} onChange={(_, { value }) => change({ label: value })} />
      </Field>
      <div>
        <Checkbox
          label={t('startAtOnce')}
          checked={draft.start}
          onChange={(_, { checked }) => change({ start: checked === true })}
        />
        <br />
        <Checkbox
          label={t('warningsAsErrors')}
          checked={draft.treatWarningsAsError}
          onChange={(_, { checked }) => change({ treatWarningsAsError: checked === true })}
        />
      </div>
    </>
  )
}
