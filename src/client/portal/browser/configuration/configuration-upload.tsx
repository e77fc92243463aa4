import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FileDrop } from '../form/file-drop.tsx'
import { Refused } from '../package/brought.tsx'
import { type BroughtText, textOfFile } from '../package/text-file.ts'

/** Puts the text of a .cscfg of this computer into the editor. */
export function ConfigurationUpload({ take }: { readonly take: (text: string) => void }) {
  const { t } = useTranslation(['package', 'configuration'])
  const [unfit, setUnfit] = useState<{ readonly name: string; readonly fault: NonNullable<BroughtText['fault']> }>()
  const bring = async (file: File) => {
    const found = await textOfFile(file)
    setUnfit(found.fault === undefined ? undefined : { name: file.name, fault: found.fault })
    if (found.fault === undefined) take(found.text)
  }
  return (
    <div>
      <FileDrop label={t('replace', { ns: 'configuration' })} accept=".cscfg,.xml" take={(file) => void bring(file)} />
      {unfit && <Refused>{t(`unfit.${unfit.fault}`, { name: unfit.name })}</Refused>}
    </div>
  )
}
