import { Button, Field, makeStyles, ProgressBar, tokens, useRestoreFocusTarget } from '@fluentui/react-components'
import { DatabaseRegular } from '@fluentui/react-icons'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiRefusal } from '../../../service-management/api.ts'
import { FileDrop } from '../form/file-drop.tsx'
import { BlobBrowser } from './blob-browser.tsx'
import { Refused, There } from './brought.tsx'
import { useBytes } from './bytes.ts'
import type { FormPackage, PackageState } from './use-package.ts'

const useStyles = makeStyles({
  field: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalS },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
  grow: { flexGrow: 1, minWidth: '12rem' },
})

/** Application Package (M-4): a file of this computer, or a blob. */
export function PackageField({ of: { state, upload, choose, clear } }: { readonly of: FormPackage }) {
  const styles = useStyles()
  const { t } = useTranslation('package')
  const [isBrowsing, setIsBrowsing] = useState(false)
  // The focus comes back to the button when the browser closes.
  const restored = useRestoreFocusTarget()
  return (
    <Field label={t('package')} hint={t('packageHint')}>
      <div className={styles.field} role="group" aria-label={t('package')}>
        <FileDrop label={t('choosePackage')} accept=".cspkg,.zip" take={upload}>
          <Button {...restored} icon={<DatabaseRegular />} onClick={() => setIsBrowsing(true)}>
            {t('fromBlob')}
          </Button>
        </FileDrop>
        <div aria-live="polite">
          <Standing state={state} clear={clear} />
        </div>
        <BlobBrowser
          title={t('choosePackageBlob')}
          isOpen={isBrowsing}
          close={() => setIsBrowsing(false)}
          take={({ name, url }) => choose({ name, url })}
        />
      </div>
    </Field>
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
