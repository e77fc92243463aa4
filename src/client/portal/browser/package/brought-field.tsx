import { Button, Field, makeStyles, tokens, useRestoreFocusTarget } from '@fluentui/react-components'
import { DatabaseRegular } from '@fluentui/react-icons'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FileDrop } from '../form/file-drop.tsx'
import { BlobBrowser, type ChosenBlob } from './blob-browser.tsx'

const useStyles = makeStyles({
  field: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalS },
})

interface BroughtFieldProps {
  readonly label: string
  readonly hint: string
  /** Word on the button for a file, and the endings of names that it offers. */
  readonly chooseFile: string
  readonly accept: string
  /** Title of the browser of blobs. */
  readonly chooseBlob: string
  upload(file: File): void
  choose(blob: ChosenBlob): void
  /** How far it is. */
  readonly children: ReactNode
}

/** Something that comes from this computer or from Blob storage (M-4, M-5). */
export function BroughtField(props: BroughtFieldProps) {
  const styles = useStyles()
  const { t } = useTranslation('package')
  const { label, hint, chooseFile, accept, chooseBlob, upload, choose, children } = props
  const [isBrowsing, setIsBrowsing] = useState(false)
  // The focus comes back to the button when the browser closes.
  const restored = useRestoreFocusTarget()
  return (
    <Field label={label} hint={hint}>
      <div className={styles.field} role="group" aria-label={label}>
        <FileDrop label={chooseFile} accept={accept} take={upload}>
          <Button {...restored} icon={<DatabaseRegular />} onClick={() => setIsBrowsing(true)}>
            {t('fromBlob')}
          </Button>
        </FileDrop>
        <div aria-live="polite">{children}</div>
        <BlobBrowser title={chooseBlob} isOpen={isBrowsing} close={() => setIsBrowsing(false)} take={choose} />
      </div>
    </Field>
  )
}
