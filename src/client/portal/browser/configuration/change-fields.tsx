import { Checkbox, MessageBar, MessageBarBody, makeStyles, tokens } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import { ModeField, SimultaneousField } from '../form/mode-field.tsx'
import type { Change } from './use-change.ts'

const useStyles = makeStyles({
  fields: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalS, alignItems: 'flex-start' },
})

/** How the change is carried out. */
export function ChangeFields({ of: change }: { readonly of: Change }) {
  const styles = useStyles()
  const { t } = useTranslation('configuration')
  return (
    <div className={styles.fields}>
      {change.takesOver && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{t('takesOver')}</MessageBarBody>
        </MessageBar>
      )}
      <ModeField
        label={t('mode')}
        mode={change.isSimultaneous ? '' : (change.walked ?? '')}
        isDisabled={change.isSimultaneous}
        choose={change.setChosen}
      />
      <SimultaneousField label={t('simultaneous')} isSet={change.isSimultaneous} set={change.setIsSimultaneous} />
      <Checkbox
        label={t('warningsAsErrors')}
        checked={change.treatWarningsAsError}
        onChange={(_, { checked }) => change.setTreatWarningsAsError(checked === true)}
      />
    </div>
  )
}
