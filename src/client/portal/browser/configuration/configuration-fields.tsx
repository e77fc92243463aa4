import { Card, Field, Input, makeStyles, Select, Subtitle2, Text, tokens } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import { osFamilies } from '../../../../service-model/operating-systems.ts'
import { type ConfigurationFaults, sentencesAt } from './configuration-faults.ts'
import type { ConfigurationForm, NamedValue, Place, RoleForm } from './configuration-form.ts'

interface Fields {
  readonly faults: ConfigurationFaults
  readonly change: (place: Place, value: string) => void
}

const useStyles = makeStyles({
  fields: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
  system: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: tokens.spacingHorizontalM },
  count: { maxWidth: '16rem' },
  label: { overflowWrap: 'anywhere' },
  card: { minWidth: 0 },
  monospace: { fontFamily: tokens.fontFamilyMonospace },
})

/** A configuration value by value. */
export function ConfigurationFields({ form, ...fields }: Fields & { readonly form: ConfigurationForm }) {
  const styles = useStyles()
  return (
    <div className={styles.fields}>
      <System form={form} {...fields} />
      {form.roles.map((role) => (
        <Role key={role.name} role={role} {...fields} />
      ))}
    </div>
  )
}

function System({ form: { osFamily, osVersion }, faults, change }: Fields & { readonly form: ConfigurationForm }) {
  const styles = useStyles()
  const { t } = useTranslation('configuration')
  const families = osFamilies.map(({ family, label }) => [String(family), label] as const)
  const isKnown = families.some(([family]) => family === osFamily.value)
  return (
    <div className={styles.system}>
      <Field label={t('osFamily')} {...faulty(sentencesAt(faults, osFamily.line))}>
        <Select value={osFamily.value} onChange={(_, { value }) => change({ what: 'osFamily' }, value)}>
          {!isKnown && <option value={osFamily.value}>{osFamily.value === '' ? t('unset') : osFamily.value}</option>}
          {families.map(([family, label]) => (
            <option key={family} value={family}>
              {`${family}: ${label}`}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('osVersion')}>
        <Input value={osVersion.value} onChange={(_, { value }) => change({ what: 'osVersion' }, value)} />
      </Field>
    </div>
  )
}

function Role({ role, faults, change }: Fields & { readonly role: RoleForm }) {
  const styles = useStyles()
  const { t } = useTranslation('configuration')
  const { name, instances, settings, certificates } = role
  return (
    <Card className={styles.card} role="group" aria-label={t('role', { role: name })}>
      <Subtitle2 as="h3">{name}</Subtitle2>
      {instances && (
        <Field label={t('instances')} className={styles.count} {...faulty(sentencesAt(faults, instances.line))}>
          <Input
            type="number"
            min={1}
            value={instances.value}
            onChange={(_, { value }) => change({ what: 'instances', role: name }, value)}
          />
        </Field>
      )}
      {settings.length === 0 && <Text>{t('noSettings')}</Text>}
      <Values what="setting" role={name} values={settings} faults={faults} change={change} />
      {certificates.length > 0 && <Text weight="semibold">{t('certificates')}</Text>}
      <Values what="certificate" role={name} values={certificates} faults={faults} change={change} />
    </Card>
  )
}

function Values(
  props: Fields & {
    readonly what: 'setting' | 'certificate'
    readonly role: string
    readonly values: readonly NamedValue[]
  },
) {
  const styles = useStyles()
  const { t } = useTranslation('configuration')
  const { what, role, values, faults, change } = props
  return values.map(({ name, value, line }) => (
    <Field
      key={name}
      label={{ children: name, className: styles.label }}
      {...(what === 'certificate' ? { hint: t('thumbprint') } : {})}
      {...faulty(sentencesAt(faults, line))}
    >
      <Input
        value={value}
        input={{ className: styles.monospace, spellCheck: false }}
        onChange={(_, data) => change({ what, role, name }, data.value)}
      />
    </Field>
  ))
}

/** What a field shows of the sentences about its line. */
function faulty(sentence: string | undefined) {
  return sentence === undefined
    ? {}
    : { validationState: 'error' as const, validationMessage: { lang: 'en', children: sentence } }
}
