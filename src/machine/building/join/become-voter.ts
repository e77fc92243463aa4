import { setTimeout as delay } from 'node:timers/promises'
import { machinePaths } from '../../../fabric/contract/machines.ts'
import { party } from '../../../fabric/contract/paths.ts'
import { openJsonClient } from '../../http/json-client.ts'
import { readTls } from '../../http/tls.ts'
import { type Places, readRecord, saveRecord } from '../data-directory.ts'
import { filesOfParty } from '../machine-parties.ts'
import { askMaster } from '../others/ask-master.ts'
import { controllersOf } from '../others/controllers.ts'

/** Between two tries: a learner is abreast of the others after some seconds. */
const restMs = 500

/** etcd changes its members one at a time. */
const answerLimitMs = 15_000

/**
 * Asks for this machine's member of etcd, which began as a learner, to become a voter; whether it is one now, and is recorded as such. Until then the
 * controller here could read nothing of the store.
 */
export async function becomeVoter(places: Places): Promise<boolean> {
  const client = openJsonClient(readTls(filesOfParty(places, 'machine')), party.controller)
  const asked = { path: machinePaths.promote, method: 'POST', timeoutMs: answerLimitMs } as const
  const reply = await askMaster(client, controllersOf(places), asked)
  client.close()
  if (!reply.ok) {
    await delay(restMs)
    return false
  }
  const record = readRecord(places)
  if (record?.machine?.etcd?.kind !== 'member') throw new Error('fabric.json is of another machine than before')
  const { learns: _, ...etcd } = record.machine.etcd
  saveRecord(places, { ...record, machine: { ...record.machine, etcd } })
  return true
}
