import { Button, Field, makeStyles, Text, tokens } from '@fluentui/react-components'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'

const useStyles = makeStyles({
  chooser: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: tokens.spacingHorizontalM },
  name: { overflowWrap: 'anywhere' },
})

interface Wanted {
  readonly label: string
  /** Endings of files, `.pfx,.cer`. */
  readonly accept: string
  readonly file: File | undefined
  /** What is wrong with the file; undefined when nothing is. */
  readonly fault: string | undefined
  choose(file: File | undefined): void
}

/** Chooses a file of this computer. */
export function FileField({ label, accept, file, fault, choose }: Wanted) {
  const styles = useStyles()
  const { t } = useTranslation('certificates')
  const input = useRef<HTMLInputElement>(null)
  return (
    <Field label={label} {...(fault === undefined ? {} : { validationMessage: fault })}>
      <div className={styles.chooser}>
        <input
          ref={input}
          type="file"
          hidden
          accept={accept}
          onChange={({ target }) => choose(target.files?.[0] ?? undefined)}
        />
        <Button onClick={() => input.current?.click()}>{t('file.choose')}</Button>
        <Text className={styles.name}>{file?.name ?? t('file.none')}</Text>
      </div>
    </Field>
  )
}
