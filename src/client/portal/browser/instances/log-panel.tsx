import { Button, Field, makeStyles, Select, Spinner, Text, ToggleButton, tokens } from '@fluentui/react-components'
import { PauseRegular, PlayRegular } from '@fluentui/react-icons'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { useManagement } from '../connection/connection.tsx'
import { refusalOf } from '../operations/asking.ts'
import { Refusal } from '../operations/refusal.tsx'
import { DownloadLog } from './download-log.tsx'
import { FindBar } from './find-bar.tsx'
import { hasOlder } from './follow-log.ts'
import { LogLines } from './log-lines.tsx'
import { useFind } from './use-find.ts'
import { type InstancePlace, useLog } from './use-log.ts'

/** How often the list of logs is asked for again, in milliseconds: a role that starts has more of them. */
const listMs = 5_000

const useStyles = makeStyles({
  panel: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-end',
    columnGap: tokens.spacingHorizontalM,
    rowGap: tokens.spacingVerticalS,
  },
  paths: {
    display: 'grid',
    gridTemplateColumns: 'auto minmax(0, 1fr)',
    columnGap: tokens.spacingHorizontalM,
    margin: 0,
  },
  path: { fontFamily: tokens.fontFamilyMonospace, overflowWrap: 'anywhere', margin: 0 },
  above: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: tokens.spacingHorizontalM },
})

/** The logs of an instance: one of them, by its logical name, followed as it grows (G-1). */
export function LogPanel({ place }: { readonly place: InstancePlace }) {
  const styles = useStyles()
  const { t } = useTranslation('instances')
  const management = useManagement()
  const { service, slot, instance } = place
  const [query, setQuery] = useSearchParams()
  const { data: names, error } = useQuery({
    queryKey: ['logs', service, slot, instance],
    queryFn: async () => (await management.logs(service, slot, instance)).known,
    refetchInterval: listMs,
  })
  const name = query.get('log') ?? names?.[0]
  if (name === undefined && error) return <Refusal refusal={refusalOf(error, t('away', { ns: 'shell' }))} />
  if (name === undefined)
    return names ? <Text>{t('log.none')}</Text> : <Spinner label={t('loading', { ns: 'shell' })} />
  return (
    <div className={styles.panel}>
      <Log
        key={`${instance} ${name}`}
        place={place}
        name={name}
        names={names ?? []}
        choose={(log) => setQuery({ tab: 'logs', log }, { replace: true })}
      />
    </div>
  )
}

interface LogWanted {
  readonly place: InstancePlace
  readonly name: string
  readonly names: readonly string[]
  choose(name: string): void
}

function Log({ place, name, names, choose }: LogWanted) {
  const styles = useStyles()
  const { t } = useTranslation('instances')
  const [isPaused, setIsPaused] = useState(false)
  const log = useLog(place, name, isPaused)
  const { shown, failure } = log
  const find = useFind(shown?.window)
  const isMissing = shown?.place.logicalPath === ''
  return (
    <>
      <div className={styles.bar}>
        <Field label={t('log.log')}>
          <Select value={name} onChange={(_, { value }) => choose(value)}>
            {(names.includes(name) ? names : [name, ...names]).map((one) => (
              <option key={one}>{one}</option>
            ))}
          </Select>
        </Field>
        <FindBar find={find} />
        <ToggleButton
          checked={isPaused}
          icon={isPaused ? <PlayRegular /> : <PauseRegular />}
          onClick={() => setIsPaused(!isPaused)}
        >
          {isPaused ? t('log.resume') : t('log.pause')}
        </ToggleButton>
        <DownloadLog place={place} name={name} end={shown?.window.end ?? 0} />
      </div>
      <Refusal refusal={failure === undefined ? undefined : { message: failure, isOwnWords: true }} />
      {isMissing && <Text>{t('log.missing', { name })}</Text>}
      {!shown && failure === undefined && <Spinner label={t('loading', { ns: 'shell' })} />}
      {shown && !isMissing && (
        <>
          <Paths {...shown.place} />
          <Above log={log} />
          <LogLines
            window={shown.window}
            matches={find.matches}
            current={find.matches[find.at]}
            jump={find.jump}
            label={t('log.lines', { name })}
          />
          {isPaused && <Text>{t('log.paused')}</Text>}
        </>
      )}
    </>
  )
}

/** Where the log is for the role, and where it lies on the host (G-1). */
function Paths({ logicalPath, realPath }: { readonly logicalPath: string; readonly realPath: string }) {
  const styles = useStyles()
  const { t } = useTranslation('instances')
  return (
    <dl className={styles.paths}>
      <dt>{t('log.logicalPath')}</dt>
      <dd className={styles.path}>{logicalPath}</dd>
      <dt>{t('log.realPath')}</dt>
      <dd className={styles.path}>{realPath}</dd>
    </dl>
  )
}

/** What is not shown of the log, and how to see it. */
function Above({ log: { shown, isLoadingOlder, loadOlder } }: { readonly log: ReturnType<typeof useLog> }) {
  const styles = useStyles()
  const { t, i18n } = useTranslation('instances')
  if (!shown) return null
  const older = hasOlder(shown.window)
  const size = new Intl.NumberFormat(i18n.language).format(Math.ceil(shown.window.begin / 1024))
  if (older === 'nothing') return <Text>{t('log.fromBeginning', { count: shown.window.lines.length })}</Text>
  return (
    <div className={styles.above}>
      <Text>{t('log.notShown', { size })}</Text>
      {older === 'yes' ? (
        <Button size="small" disabled={isLoadingOlder} onClick={loadOlder}>
          {t('log.older')}
        </Button>
      ) : (
        <Text>{t('log.noRoom')}</Text>
      )}
    </div>
  )
}
