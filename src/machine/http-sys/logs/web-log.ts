import { dirname, join } from 'node:path'
import type { Bytes, Peer } from '../exchange.ts'
import { type RawHead, valuesOf } from '../head.ts'
import { appendWhole } from './append-whole.ts'
import { batchOf } from './batch.ts'
import type { LogRoom } from './log-room.ts'
import { fieldWord, logHead, logTime, logWord, perSecond } from './w3c.ts'

/** A request that has been answered by a site. */
export interface WebLogEntry extends Bytes {
  /** When it was over. */
  readonly at: number
  readonly takenMs: number
  readonly site: { readonly id: number; readonly logDirectory: string }
  readonly local: Peer
  readonly client: Peer
  readonly head: RawHead
  readonly protocol: string
  readonly host: string
  /** Decoded; with its query as it was written. */
  readonly path: string
  readonly query: string | undefined
  readonly userName: string | undefined
  readonly status: number
  readonly subStatus: number
  readonly win32Status: number
}

export interface WebLog {
  readonly add: (entry: WebLogEntry) => void
  readonly flush: () => void
}

const software = 'Microsoft Internet Information Services 8.0'

const fields =
  'date time s-sitename s-computername s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs-version cs(User-Agent) cs(Cookie) cs(Referer) cs-host sc-status sc-substatus sc-win32-status sc-bytes cs-bytes time-taken'

/** The web logs of all sites, each in hourly files (I-35). Lines without room are not written (I-37). */
export function openWebLog(computerName: string, room: LogRoom): WebLog {
  const directories = new WeakMap<WebLogEntry['site'], string>()
  const directoryOf = (site: WebLogEntry['site']) => {
    const known = directories.get(site) ?? join(site.logDirectory, `W3SVC${site.id}`)
    directories.set(site, known)
    return known
  }
  /** The file of each site that has been begun. */
  const begun = new Map<string, string>()

  const batch = batchOf<{ readonly file: string; readonly at: number; readonly line: string }>((lines) => {
    const files = Map.groupBy(lines, ({ file }) => file)
    for (const [file, own] of files) {
      const directory = dirname(file)
      const head = begun.get(directory) === file ? '' : logHead(software, fields, own[0]?.at ?? 0)
      const text = head + own.map(({ line }) => line).join('')
      if (!room.take(text.length)) continue
      if (appendWhole(file, text)) begun.set(directory, file)
    }
  })

  return {
    add(entry) {
      const file = `${directoryOf(entry.site)}/${fileName(entry.at)}`
      const line = `${lineOf(entry, computerName)}\r\n`
      batch.add({ file, at: entry.at, line }, line.length)
    },
    flush: batch.flush,
  }
}

/** `u_exYYMMDDHH.log`. */
const fileName = perSecond((at) => `u_ex${new Date(at).toISOString().slice(2, 13).replaceAll(/[-T]/g, '')}.log`)

function lineOf(entry: WebLogEntry, computerName: string): string {
  const { at, site, local, client, head, status, subStatus, win32Status, sent, received, takenMs } = entry
  const field = (name: string) => fieldWord(valuesOf(head.fields, name)[0])
  return [
    logTime(at),
    `W3SVC${site.id}`,
    logWord(computerName),
    logWord(local.address),
    logWord(head.method),
    logWord(entry.path),
    fieldWord(entry.query),
    local.port,
    logWord(entry.userName),
    logWord(client.address),
    entry.protocol,
    ...['user-agent', 'cookie', 'referer'].map(field),
    fieldWord(entry.host),
    status,
    subStatus,
    win32Status,
    sent,
    received,
    takenMs,
  ].join(' ')
}
