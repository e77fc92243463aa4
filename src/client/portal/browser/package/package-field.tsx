import { Button, Field, makeStyles, ProgressBar, tokens } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import { ApiRefusal } from '../../../service-management/api.ts'
import { NotTaken, Refused, There } from './brought.tsx'
import { BroughtField } from './brought-field.tsx'
import { useBytes } from './bytes.ts'
import type { FormPackage, PackageState } from './use-package.ts'

const useStyles = makeStyles({
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  grow: { flexGrow: 1, minWidth: '12rem' },
})

/** Application Package (M-4): a file of this computer, or a blob. */
export function PackageField({ of: { state, upload, choose, clear } }: { readonly of: FormPackage }) {
  const { t } = useTranslation('package')
  return (
    <BroughtField
      label={t('package')}
      hint={t('packageHint')}
      chooseFile={t('choosePackage')}
      accept=".cspkg,.zip"
      chooseBlob={t('choosePackageBlob')}
      upload={upload}
      choose={({ name, url }) => choose({ name, url })}
    >
      <Standing state={state} clear={clear} />
    </BroughtField>
  )
}

function Standing({ state, clear }: { readonly state: PackageState; readonly clear: () => void }) {
  const { t } = useTranslation('package')
  const bytes = useBytes()
  switch (state.kind) {
    case 'none':
      return null
    case 'sending': {
      const { name, sentBytes, sizeBytes } = state
      const words = t('sending', { name, sent: bytes(sentBytes), size: bytes(sizeBytes) })
      return <UnderWay words={words} share={sentBytes / sizeBytes} abort={clear} />
    }
    case 'reading':
      return <UnderWay words={t('reading', { name: state.name })} abort={clear} />
    case 'there':
      return <There name={state.name} clear={clear} />
    case 'tooLarge':
      return <Refused>{t('tooLarge', { name: state.name })}</Refused>
    case 'empty':
      return <Refused>{t('empty', { name: state.name })}</Refused>
    case 'refused':
      return (
        <Refused {...(mayPass(state.error) ? { again: state.again } : {})}>
          <NotTaken name={state.name} error={state.error} />
        </Refused>
      )
  }
}

/** Whether the same file or blob may be accepted the next time. */
function mayPass(error: Error): boolean {
  return !(error instanceof ApiRefusal) || error.status >= 500
}

function UnderWay(props: { readonly words: string; readonly share?: number; readonly abort: () => void }) {
  const styles = useStyles()
  const { t } = useTranslation('package')
  const { words, share, abort } = props
  return (
    <div className={styles.line}>
      <Field className={styles.grow} validationState="none" validationMessage={words}>
        <ProgressBar {...(share === undefined ? {} : { value: share })} aria-label={words} />
      </Field>
      <Button size="small" onClick={abort}>
        {t('abort')}
      </Button>
    </div>
  )
}
