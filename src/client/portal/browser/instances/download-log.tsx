import { Button, Spinner } from '@fluentui/react-components'
import { ArrowDownloadRegular } from '@fluentui/react-icons'
import { useCallback, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useManagement } from '../connection/connection.tsx'
import { type Asking, refusalOf } from '../operations/asking.ts'
import { Refusal } from '../operations/refusal.tsx'
import { wholeLog } from './follow-log.ts'
import { askFor, type InstancePlace } from './use-log.ts'

interface Wanted {
  readonly place: InstancePlace
  readonly name: string
  /** How far it is read, in bytes: a log that grows while it is fetched would have no end. */
  readonly end: number
}

/** Saves a log from its beginning up to what is shown, as a file of this computer. */
export function DownloadLog({ place, name, end }: Wanted) {
  const { t } = useTranslation('instances')
  const management = useManagement()
  const [percent, setPercent] = useState<number>()
  const [refusal, setRefusal] = useState<Asking['refusal']>()
  const isCancelled = useRef(false)
  const download = useCallback(async () => {
    isCancelled.current = false
    setRefusal(undefined)
    setPercent(0)
    try {
      const parts: Blob[] = []
      for await (const { text, offset } of wholeLog(askFor(management, place), name, end)) {
        if (isCancelled.current) return
        parts.push(new Blob([text]))
        setPercent(Math.min(100, Math.floor((100 * offset) / end)))
      }
      save(new Blob(parts, { type: 'text/plain' }), `${place.instance}-${name.replaceAll('/', '-')}.log`)
    } catch (error) {
      setRefusal(refusalOf(error, t('away', { ns: 'shell' })))
    } finally {
      setPercent(undefined)
    }
  }, [management, place, name, end, t])
  return (
    <>
      {percent === undefined ? (
        <Button icon={<ArrowDownloadRegular />} disabled={end === 0} onClick={() => void download()}>
          {t('log.download')}
        </Button>
      ) : (
        <Button
          icon={<Spinner size="tiny" />}
          onClick={() => {
            isCancelled.current = true
          }}
        >
          {t('log.cancelDownload', { percent })}
        </Button>
      )}
      <Refusal refusal={refusal} />
    </>
  )
}

function save(content: Blob, fileName: string): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  // The browser has taken it over by then.
  setTimeout(() => URL.revokeObjectURL(url), revokeMs)
}

const revokeMs = 60_000
