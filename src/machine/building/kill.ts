import { rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { closeNetworks } from '../guest/namespace/sweep.ts'
import { adoptProcess, signalProcess } from '../process.ts'
import { letGo } from '../vips/let-go.ts'
import { type Places, readRecord, vipsDirectory } from './data-directory.ts'
import { guestProcesses, socketDirectories } from './guests.ts'
import { recordedProcesses } from './process-record.ts'

/** Pause between two rounds of killing: a process that is being born when its parent dies is found in the next. */
const roundMs = 10

/** Rounds after which something is wrong that more killing does not cure, such as a process in uninterruptible sleep. */
const roundLimit = 500

/** Kills every member and every guest at once, and removes the guests' sockets. Throws an Error with one sentence when some cannot be killed. */
export async function killAll(places: Places): Promise<void> {
  const members = recordedProcesses(places)
  for (const { record } of members) signalProcess(record.identity, 'SIGKILL')
  await Promise.all(members.map(async ({ record }) => adoptProcess(record.identity)?.exited))
  await clearGuests(places)
}

/** Clears what is left when all members have ended, and says how much was killed of guests, if anything. Throws like `killAll`. */
export async function clearAndSay(places: Places, say: (line: string) => void): Promise<void> {
  const left = await clearGuests(places)
  if (left > 0) say(`What was left of guests was killed: ${left === 1 ? '1 process' : `${left} processes`}.`)
}

/**
 * Kills what is left of guests whose Host Agents have ended, and removes their parts outside of the data directory, where nobody
 * would look: sockets and networks. Returns the number of processes. Throws like `killAll`.
 */
async function clearGuests(places: Places): Promise<number> {
  const killed = new Set<number>()
  for (let round = 0; round < roundLimit; round += 1) {
    const left = guestProcesses(places)
    for (const { identity } of left) {
      signalProcess(identity, 'SIGKILL')
      killed.add(identity.pid)
    }
    if (left.length === 0) {
      for (const path of socketDirectories(places)) rmSync(path, { recursive: true, force: true })
      await clearNetworks(places)
      return killed.size
    }
    await delay(roundMs)
  }
  throw new Error(
    `Processes ${guestProcesses(places)
      .map(({ identity }) => identity.pid)
      .join(', ')} of guests cannot be killed. Look with: ps -p NUMBER -o pid,stat,comm`,
  )
}

async function clearNetworks(places: Places): Promise<void> {
  const record = readRecord(places)
  // Without root they have ended with the namespaces of the fabric.
  if (record?.isolation === 'namespace' && process.getuid?.() === 0) await closeNetworks(record.network)
  const { machine, network } = record ?? {}
  if (machine?.vipRange !== undefined && network !== undefined)
    await letGo({ address: machine.address, network, vipRange: machine.vipRange, directory: vipsDirectory(places) })
}
