import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { machinePaths, type NotMaster } from '../../fabric/contract/machines.ts'
import { party } from '../../fabric/contract/paths.ts'
import { type Places, readRecord } from '../building/data-directory.ts'
import { filesOfParty } from '../building/machine-parties.ts'
import { controllersOf } from '../building/others/controllers.ts'
import { controllerPort } from '../cluster/ports.ts'
import { type JsonClient, openJsonClient } from '../http/json-client.ts'
import { readTls, type TlsFiles } from '../http/tls.ts'
import type { BackedUpRecords } from './backed-up-records.ts'

/** For the answer of a controller, all being asked at once, in milliseconds. Origin: choice; a master says within a second that it has no quorum. */
const answerLimitMs = 3_000

/** For so long one may be named that has ended, and another be elected, in milliseconds. Origin: choice, twice the lease. */
const settledMs = 10_000

const restMs = 500

/** What this looks at in the records of machines (fabric/controller/state/records/machine.ts). */
interface Machine {
  readonly address: string
  readonly controller: boolean
}

/** Where a master of the fabric may answer, URLs: the controllers of which the directory was told last, and those of the backup. */
export function controllersToAsk(places: Places, { keys, open }: BackedUpRecords): readonly string[] {
  const machines = keys.filter((key) => key.startsWith('machine/')).map((key) => open(key) as Machine)
  const backedUp = machines
    .filter(({ controller }) => controller)
    .map(({ address }) => `https://${address}:${controllerPort}`)
  return [...new Set([...(existsSync(places.controllers) ? controllersOf(places) : []), ...backedUp])]
}

/** As what they are asked: as the machine of the directory, whose certificate is the newer one, or as that of the backup. */
export function askerOf(places: Places, backedUp: Places): TlsFiles {
  return filesOfParty(readRecord(places)?.machine ? places : backedUp, 'machine')
}

/**
 * The URL of a master that one of these controllers is, or knows; undefined: none. Who has ended is named until its lease has, and then another may be
 * elected: while somebody stands by under a quorum it is asked again, until a master answers.
 */
export async function masterAmong(urls: readonly string[], asker: TlsFiles): Promise<string | undefined> {
  const client = openJsonClient(readTls(asker), party.controller)
  try {
    for (const until = performance.now() + settledMs; ; ) {
      const { answers, named, standsBy } = await look(client, urls)
      if (answers !== undefined || !standsBy) return answers
      if (performance.now() > until) return named
      await delay(restMs)
    }
  } finally {
    client.close()
  }
}

/** Asks them all at once, and then whom they name. */
async function look(client: JsonClient, urls: readonly string[]) {
  const looks = await Promise.all(urls.map((url) => lookAt(client, url)))
  const [named] = looks.flatMap(({ master }) => master ?? [])
  const other = named === undefined || urls.includes(named) ? [] : [await lookAt(client, named)]
  return {
    answers: [...looks, ...other].find(({ answers }) => answers)?.url,
    named,
    standsBy: looks.some(({ standsBy }) => standsBy),
  }
}

/** A master alone says 403, of a certificate that is not, or not yet, in its records. */
async function lookAt(client: JsonClient, url: string) {
  const reply = await client.request({ url: url + machinePaths.master, timeoutMs: answerLimitMs })
  if (reply.ok) return { url, answers: true, standsBy: false, master: undefined }
  const { master } = reply.fault as NotMaster
  return { url, answers: reply.status === 403, standsBy: reply.status === 421, master }
}
