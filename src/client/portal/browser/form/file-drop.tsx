import { Button, makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components'
import { ArrowUploadRegular } from '@fluentui/react-icons'
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

const useStyles = makeStyles({
  zone: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    padding: tokens.spacingVerticalM,
    border: `1px dashed ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusMedium,
  },
  over: { backgroundColor: tokens.colorNeutralBackground1Hover, border: `1px dashed ${tokens.colorBrandStroke1}` },
  hint: { color: tokens.colorNeutralForeground2 },
})

/** Takes a file of this computer, by the picker or by dropping it. */
export function FileDrop(props: {
  /** Of the button: "Choose a package …". */
  readonly label: string
  /** `.cspkg,.zip` */
  readonly accept: string
  readonly take: (file: File) => void
  readonly children?: ReactNode
}) {
  const styles = useStyles()
  const { t } = useTranslation('form')
  const { label, accept, take, children } = props
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setIsOver] = useState(false)
  useNoStrayDrop()
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    const [file] = event.dataTransfer.files
    if (file) take(file)
  }
  return (
    <div
      className={mergeClasses(styles.zone, isOver && styles.over)}
      onDragOver={() => setIsOver(true)}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        onChange={({ target }) => {
          const [file] = target.files ?? []
          if (file) take(file)
          // The same file may be chosen again after it was mended.
          target.value = ''
        }}
      />
      <Button icon={<ArrowUploadRegular />} onClick={() => input.current?.click()}>
        {label}
      </Button>
      {children ?? <Text className={styles.hint}>{t('dropHere')}</Text>}
    </div>
  )
}

/** A file that is dropped beside its place would be opened by the browser, and the form lost. */
function useNoStrayDrop() {
  useEffect(() => {
    const refuse = (event: Event) => event.preventDefault()
    addEventListener('dragover', refuse)
    addEventListener('drop', refuse)
    return () => {
      removeEventListener('dragover', refuse)
      removeEventListener('drop', refuse)
    }
  }, [])
}
