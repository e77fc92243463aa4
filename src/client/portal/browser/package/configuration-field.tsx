import { Button, Field, makeStyles, Spinner, tokens, useRestoreFocusTarget } from '@fluentui/react-components'
import { DatabaseRegular } from '@fluentui/react-icons'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { configurationFaults } from '../configuration/configuration-faults.ts'
import { FaultList } from '../configuration/fault-list.tsx'
import { FileDrop } from '../form/file-drop.tsx'
import { BlobBrowser } from './blob-browser.tsx'
import { Refused, There } from './brought.tsx'
import type { ConfigurationState, FormConfiguration } from './use-configuration.ts'

const useStyles = makeStyles({
  reading: { justifyContent: 'flex-start' },
  field: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalS },
})

/** Configuration Settings (M-5): a .cscfg of this computer, or a blob. */
export function ConfigurationField(props: { readonly of: FormConfiguration; readonly hint?: string }) {
  const styles = useStyles()
  const { t } = useTranslation('package')
  const { state, upload, choose, clear } = props.of
  const [isBrowsing, setIsBrowsing] = useState(false)
  // The focus comes back to the button when the browser closes.
  const restored = useRestoreFocusTarget()
  return (
    <Field label={t('configuration')} hint={props.hint ?? t('configurationHint')}>
      <div className={styles.field} role="group" aria-label={t('configuration')}>
        <FileDrop label={t('chooseConfiguration')} accept=".cscfg,.xml" take={upload}>
          <Button {...restored} icon={<DatabaseRegular />} onClick={() => setIsBrowsing(true)}>
            {t('fromBlob')}
          </Button>
        </FileDrop>
        <div aria-live="polite">
          <Standing state={state} clear={clear} />
        </div>
        <BlobBrowser
          title={t('chooseConfigurationBlob')}
          isOpen={isBrowsing}
          close={() => setIsBrowsing(false)}
          take={choose}
        />
      </div>
    </Field>
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
          {state.error.message === '' ? (
            t('lost', { name: state.name })
          ) : (
            <>
              {t('refused', { name: state.name })} <span lang="en">{state.error.message}</span>
            </>
          )}
        </Refused>
      )
  }
}

function Faults({ text }: { readonly text: string }) {
  const faults = useMemo(() => configurationFaults(text), [text])
  return <FaultList faults={faults} />
}
