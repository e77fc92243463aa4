import { X509Certificate } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { type MachinesView, machinePaths } from '../../../fabric/contract/machines.ts'
import { party } from '../../../fabric/contract/paths.ts'
import { isValidNow } from '../../certificates/valid-now.ts'
import { isUntimely, openJsonClient } from '../../http/json-client.ts'
import { followTls, readTls } from '../../http/tls.ts'
import { machinesFile } from '../blob-gate.ts'
import type { Places } from '../data-directory.ts'
import { etcdRevocationsFile, filesOfParty } from '../machine-parties.ts'
import type { MachineRecord } from '../machine-record.ts'
import { type Asked, askMaster } from './ask-master.ts'
import { controllersOf, keepControllers } from './controllers.ts'
import { keepText } from './keep-text.ts'
import { openRenewal } from './renew-certificates.ts'

/** How often the master is asked who the machines are. Origin: decisions/several-machines.md. */
const askEveryMs = 2_000

/** A controller that takes longer is asked again. */
const answerLimitMs = 5_000

/** So often in a row the controllers must say of this machine, which they have known, that it is removed or no candidate: one that was stopped may speak from earlier. Origin: choice. */
const timesInARow = 3

export interface FollowedMachines {
  /** Aborts when this machine is none of the fabric any more. */
  readonly removed: AbortSignal
  /** Aborts when this machine, which has been a candidate, is to the fabric a host alone: after a restore its member belongs to an etcd that is lost. */
  readonly demoted: AbortSignal
  end(): void
}

/**
 * Keeps what this machine's parts know of the others: where controllers are, and which certificates of etcd are worth nothing any more. Renews its own
 * certificates when their time comes. `say` is told what cannot be done.
 */
export function followMachines(places: Places, machine: MachineRecord, say: (line: string) => void): FollowedMachines {
  const ending = new AbortController()
  const removed = new AbortController()
  const demoted = new AbortController()
  const client = openJsonClient(readTls(filesOfParty(places, 'machine')), party.controller)
  const unfollow = followTls(filesOfParty(places, 'machine'), client.renew)
  const ask = <Value>(asked: Asked) => askMaster<Value>(client, controllersOf(places), asked)
  const renew = openRenewal(places, machine, ask, say)

  let refusals = 0
  let untimely = 0
  let demotions = 0
  let wasKnown = false
  async function look(): Promise<void> {
    const reply = await ask<MachinesView>({ path: machinePaths.machines, timeoutMs: answerLimitMs })
    refusals = reply.status === 403 ? refusals + 1 : 0
    untimely = isUntimely(reply) ? untimely + 1 : 0
    wasKnown ||= reply.ok
    if (untimely === timesInARow && !reply.ok)
      say(untimelyWords(machine, readTls(filesOfParty(places, 'machine')).cert, reply.fault.message))
    if (reply.ok) {
      keepControllers(places, reply.value.machines)
      // Without what changes each time.
      keepText(machinesFile(places), JSON.stringify({ ...reply.value, now: undefined }))
      if (reply.value.etcdRevocations !== undefined) keepText(etcdRevocationsFile(places), reply.value.etcdRevocations)
      const known = reply.value.machines.find(({ name }) => name === machine.name)
      demotions = machine.controller && known?.controller === false ? demotions + 1 : 0
      if (demotions === timesInARow) {
        say(demotionWords(machine, reply.value))
        demoted.abort()
      }
      await renew(reply.value)
    } else if (refusals >= (wasKnown ? timesInARow : 1) && !removed.signal.aborted) {
      const sentence = removalWords(machine, controllersOf(places))
      say(sentence)
      removed.abort(new Error(sentence))
    }
  }

  async function follow(): Promise<void> {
    while (!ending.signal.aborted) {
      await look().catch((error: Error) => say(`The other machines cannot be followed: ${error.message}`))
      await delay(askEveryMs, undefined, { signal: ending.signal }).catch(() => {})
    }
    unfollow()
    client.close()
  }

  void follow()
  return { removed: removed.signal, demoted: demoted.signal, end: () => ending.abort() }
}

/** `own` is the machine's certificate, PEM. */
function untimelyWords({ name }: MachineRecord, own: string, found: string): string {
  const sentence = `The fabric does not answer ${name}: ${found}. Compare the clocks of the machines.`
  if (isValidNow(new X509Certificate(own))) return sentence
  return `${sentence} If that of ${name} is right, its certificate has run out, as after a year without the others, and is not renewed: on a machine of the fabric "reddog host remove ${name}" and "reddog host token", then "reddog host join" here, with another data directory.`
}

function removalWords({ name }: MachineRecord, [controller]: readonly string[]): string {
  const address = controller === undefined ? 'ADDRESS' : new URL(controller).hostname
  return `${name} is no machine of the fabric any more: it was removed, or joined after the backup from which the fabric was restored. Its data directory is of no further use. To have it in the fabric again: on a machine of it "reddog host token", then here, with another data directory, "reddog host join ${address} --token-file - --data DIR".`
}

function demotionWords({ name }: MachineRecord, { master, machines }: MachinesView): string {
  const address = machines.find((one) => one.name === master)?.address ?? 'ADDRESS'
  return `${name} is a host of the fabric and no candidate any more: the fabric was restored, and its member of etcd belonged to the store that was lost; its controller and its etcd end. To have it as a candidate again: on ${master} "reddog host remove ${name}" and "reddog host token --controller", then here, with another data directory, "reddog host join ${address} --token-file - --controller --data DIR".`
}
