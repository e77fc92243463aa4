import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Peer } from '../exchange.ts'
import type { RawHead } from '../head.ts'
import type { Reason } from '../refusals.ts'
import { appendWhole, sizeOf } from './append-whole.ts'
import { batchOf } from './batch.ts'
import { fieldWord, logHead, logTime, logWord } from './w3c.ts'

/** A request that never reached a site, or that none answered (G-12). */
export interface ErrorLogEntry {
  readonly at: number
  readonly client: Peer
  readonly local: Peer
  readonly protocol?: string | undefined
  readonly head?: Pick<RawHead, 'method' | 'target'> | undefined
  readonly streamId?: number | undefined
  /** Undefined: the connection ended without an answer. */
  readonly status?: number | undefined
  readonly site?: number | undefined
  readonly reason: Reason
  readonly queue?: string | undefined
}

export interface ErrorLog {
  readonly add: (entry: ErrorLogEntry) => void
  readonly flush: () => void
}

const software = 'Microsoft HTTP API 2.0'

const fields =
  'date time c-ip c-port s-ip s-port cs-version cs-method cs-uri streamid sc-status s-siteid s-reason s-queuename'

/** Size at which the next file is begun. Origin: ErrorLogFileTruncateSize of HTTP.sys. */
const fileBytes = 1024 * 1024

/** Files that are stored. Origin: choice; the original stores all. */
const keptFiles = 20

/** The error log in that directory, `httperr<n>.log`. */
export function openErrorLog(directory: string): ErrorLog {
  let number = Math.max(1, ...numbersIn(directory))
  let isBegun = false

  function write(text: string, at: number): void {
    if (sizeOf(fileOf(number)) >= fileBytes) {
      number += 1
      isBegun = false
      rmSync(fileOf(number - keptFiles), { force: true })
    }
    isBegun = appendWhole(fileOf(number), `${isBegun ? '' : logHead(software, fields, at)}${text}`) || isBegun
  }

  const fileOf = (one: number) => join(directory, `httperr${one}.log`)
  const batch = batchOf<ErrorLogEntry>((entries) => {
    try {
      write(entries.map((entry) => `${lineOf(entry)}\r\n`).join(''), entries[0]?.at ?? 0)
    } catch {
      // An obstacle there costs lines, and stops nothing.
    }
  })
  return { add: (entry) => batch.add(entry, (entry.head?.target.length ?? 0) + 200), flush: batch.flush }
}

function lineOf(entry: ErrorLogEntry): string {
  const { at, client, local, protocol, head, streamId, status, site, reason, queue } = entry
  return [
    logTime(at),
    logWord(client.address),
    client.port,
    logWord(local.address),
    local.port,
    logWord(protocol),
    logWord(head?.method),
    fieldWord(head?.target),
    logWord(streamId),
    logWord(status),
    logWord(site),
    reason,
    logWord(queue),
  ].join(' ')
}

function numbersIn(directory: string): readonly number[] {
  try {
    return readdirSync(directory).flatMap((name) => {
      const [, number] = /^httperr(\d{1,9})\.log$/.exec(name) ?? []
      return number === undefined ? [] : [Number(number)]
    })
  } catch {
    return []
  }
}
