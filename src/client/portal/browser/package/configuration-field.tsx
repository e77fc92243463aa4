import { makeStyles, Spinner } from '@fluentui/react-components'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { configurationFaults } from '../configuration/configuration-faults.ts'
import { FaultList } from '../configuration/fault-list.tsx'
import { NotTaken, Refused, There } from './brought.tsx'
import { BroughtField } from './brought-field.tsx'
import type { ConfigurationState, FormConfiguration } from './use-configuration.ts'

const useStyles = makeStyles({
  reading: { justifyContent: 'flex-start' },
})

/** Configuration Settings (M-5): a .cscfg of this computer, or a blob. */
export function ConfigurationField(props: { readonly of: FormConfiguration; readonly hint?: string }) {
  const { t } = useTranslation('package')
  const { state, upload, choose, clear } = props.of
  return (
    <BroughtField
      label={t('configuration')}
      hint={props.hint ?? t('configurationHint')}
      chooseFile={t('chooseConfiguration')}
      accept=".cscfg,.xml"
      chooseBlob={t('chooseConfigurationBlob')}
      upload={upload}
      choose={choose}
    >
      <Standing state={state} clear={clear} />
    </BroughtField>
  )
}

function Standing({ state, clear }: { readonly state: ConfigurationState; readonly clear: () => void }) {
  const styles = useStyles()
  const { t } = useTranslation('package')
  switch (state.kind) {
    case 'none':
      return null
    case 'reading':
      return (
        <Spinner
          className={styles.reading}
          size="tiny"
          labelPosition="after"
          label={t('reading', { name: state.name })}
        />
      )
    case 'there':
      return (
        <>
          <There name={state.name} clear={clear} />
          <Faults text={state.text} />
        </>
      )
    case 'unfit':
      return <Refused>{t(`unfit.${state.fault}`, { name: state.name })}</Refused>
    case 'refused':
      return (
        <Refused>
          <NotTaken name={state.name} error={state.error} />
        </Refused>
      )
  }
}

function Faults({ text }: { readonly text: string }) {
  const faults = useMemo(() => configurationFaults(text), [text])
  return <FaultList faults={faults} />
}
