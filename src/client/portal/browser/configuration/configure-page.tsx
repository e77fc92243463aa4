import { Button, makeStyles, Spinner, Tab, TabList, Text, Textarea, tokens } from '@fluentui/react-components'
import { ArrowDownloadRegular } from '@fluentui/react-icons'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { withChanges } from '../../../../service-model/write-configuration.ts'
import { ChangedSince } from '../form/changed-since.tsx'
import { FormPage, Section } from '../form/form-page.tsx'
import { FormRefusal } from '../form/form-refusal.tsx'
import { configuredCounts, singleInstanceRoles } from '../form/instance-counts.ts'
import { Ticks, useTicks } from '../form/ticks.tsx'
import { useFormPlace } from '../form/use-form-place.ts'
import { useOpened } from '../form/use-opened.ts'
import { ChangeFields } from './change-fields.tsx'
import { configurationDifferences, rolesTouched } from './configuration-differences.ts'
import { configurationFaults } from './configuration-faults.ts'
import { ConfigurationFields } from './configuration-fields.tsx'
import { changeAt, configurationForm } from './configuration-form.ts'
import { ConfigurationUpload } from './configuration-upload.tsx'
import { DifferenceList } from './difference-list.tsx'
import { download } from './download.ts'
import { FaultList } from './fault-list.tsx'
import { NothingToConfigure } from './nothing-to-configure.tsx'
import { rebased } from './rebase.ts'
import { useChange } from './use-change.ts'

const useStyles = makeStyles({
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  xml: { fontFamily: tokens.fontFamilyMonospace, minHeight: '28rem', whiteSpace: 'pre', overflowX: 'auto' },
})

/** Configure… (M-8, M-11): the configuration in force as a form and as XML, which are two views of one text. */
export function Component() {
  const { service, slot } = useFormPlace()
  return <Configure key={`${service}/${slot}`} />
}

function Configure() {
  const { t } = useTranslation('configuration')
  const { service, slot } = useFormPlace()
  const standing = useOpened(service, slot)
  const { isKnown, answer, now, opened } = standing
  const [edited, setEdited] = useState<string>()
  // Until something is typed the page shows what is in force.
  const text = edited ?? now.configuration
  const faults = useMemo(() => configurationFaults(text), [text])
  const differences = useMemo(() => configurationDifferences(now.configuration, text), [now, text])
  const change = useChange(answer?.upgradeStatus?.upgradeType)
  const ticks = useTicks(useTicksNeeded(text, differences))
  if (!isKnown) return <Spinner label={t('loading', { ns: 'shell' })} />
  if (now.configuration === '') return <NothingToConfigure isEmpty={!answer} title={t('title')} />
  const begin = () => change.start(text)
  const mayStart = differences.length > 0 && faults.errors.length === 0 && change.mode !== undefined && ticks.areAllSet
  return (
    <FormPage
      title={t('title')}
      service={service}
      slot={slot}
      notices={<ChangedSince changes={standing.changes} takeNote={standing.takeNote} />}
    >
      {edited !== undefined && opened.configuration !== now.configuration && (
        <Overtaken
          mine={rebased(opened.configuration, edited, now.configuration)}
          take={(next) => {
            setEdited(next)
            standing.takeNote()
          }}
        />
      )}
      <Section title={t('configuration')}>
        <Editor text={text} change={setEdited} />
        <FaultList faults={faults} />
      </Section>
      <Section title={t('changes')}>
        <DifferenceList differences={differences} />
        <ChangeFields of={change} />
        <Ticks {...ticks} />
        <div aria-live="assertive">
          {change.error && <FormRefusal error={change.error} service={service} slot={slot} again={begin} />}
        </div>
        <div>
          <Button appearance="primary" disabled={!mayStart || change.isSending} onClick={begin}>
            {t('start')}
          </Button>
        </div>
      </Section>
    </FormPage>
  )
}

/** Roles of one instance that the change may bring down (M-10). */
function useTicksNeeded(text: string, differences: ReturnType<typeof configurationDifferences>) {
  const { t } = useTranslation('form')
  const counts = configuredCounts(text)
  const touched = rolesTouched(differences, [...counts.keys()])
  return singleInstanceRoles([counts])
    .filter((role) => touched.includes(role))
    .map((role) => ({ key: `single ${role}`, label: t('tick.single', { role }) }))
}

/** Others have put another configuration in force: what is sent now would undo theirs. */
function Overtaken(props: {
  /** One's own changes on top of theirs; undefined without any, or where that cannot be done. */
  readonly mine: string | undefined
  readonly take: (text: string | undefined) => void
}) {
  const styles = useStyles()
  const { t } = useTranslation('configuration')
  const { mine, take } = props
  return (
    <div className={styles.line}>
      {mine !== undefined && <Button onClick={() => take(mine)}>{t('keepMine')}</Button>}
      <Button onClick={() => take(undefined)}>{t('takeTheirs')}</Button>
    </div>
  )
}

function Editor({ text, change }: { readonly text: string; readonly change: (text: string) => void }) {
  const styles = useStyles()
  const { t } = useTranslation('configuration')
  const { service } = useFormPlace()
  const [view, setView] = useState<'form' | 'xml'>('form')
  const form = useMemo(() => configurationForm(text), [text])
  const faults = useMemo(() => configurationFaults(text), [text])
  return (
    <>
      <div className={styles.line}>
        <ConfigurationUpload take={change} />
        <Button icon={<ArrowDownloadRegular />} onClick={() => download(`${service}.ServiceConfiguration.cscfg`, text)}>
          {t('download')}
        </Button>
      </div>
      <TabList selectedValue={view} onTabSelect={(_, { value }) => setView(value as 'form' | 'xml')}>
        <Tab value="form">{t('asForm')}</Tab>
        <Tab value="xml">{t('asXml')}</Tab>
      </TabList>
      {view === 'xml' && (
        <Textarea
          aria-label={t('asXml')}
          value={text}
          resize="vertical"
          textarea={{ className: styles.xml, spellCheck: false, wrap: 'off' }}
          onChange={(_, { value }) => change(value)}
        />
      )}
      {view === 'form' && !form && <Text>{t('noForm')}</Text>}
      {view === 'form' && form && (
        <ConfigurationFields
          form={form}
          faults={faults}
          change={(place, value) => change(withChanges(text, changeAt(place, value)))}
        />
      )}
    </>
  )
}
