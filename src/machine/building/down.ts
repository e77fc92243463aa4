import { setTimeout as delay } from 'node:timers/promises'
import { adoptProcess, isAlive, signalProcess } from '../process.ts'
import { byTitle } from './by-title.ts'
import type { Places } from './data-directory.ts'
import { guestProcesses } from './guest-processes.ts'
import { upHolder } from './lock.ts'
import { type RecordedProcess, recordedProcesses } from './process-record.ts'

const pollMs = 50

/** Ends all that runs on the data directory: through `up` where one runs, otherwise member by member. `say` gets a line for each. */
export async function bringDown(places: Places, say: (line: string) => void): Promise<void> {
  const holder = upHolder(places)
  if (holder) {
    say(`asking "reddog up" (process ${holder.pid}) to stop`)
    signalProcess(holder, 'SIGTERM')
    while (isAlive(holder)) await delay(pollMs)
  }
  const topFirst = recordedProcesses(places).toSorted((a, b) => b.record.place - a.record.place)
  for (const group of byTitle(topFirst, ({ record }) => record.title)) {
    await endMembers(group)
    say(`${group.map(({ name }) => name).join(', ')} stopped`)
  }
  const left = killGuests(places)
  if (left > 0) say(`${left} processes that were left of guests killed`)
  say('Nothing runs on this data directory any more.')
}

/** Kills every member and every guest at once: what a second Ctrl-C asks for. */
export function killAll(places: Places): void {
  for (const { record } of recordedProcesses(places)) signalProcess(record.identity, 'SIGKILL')
  killGuests(places)
}

async function endMembers(members: readonly RecordedProcess[]): Promise<void> {
  for (const { record } of members) signalProcess(record.identity, record.stopSignal)
  await Promise.all(members.map(async ({ record }) => adoptProcess(record.identity)?.exited))
}

function killGuests(places: Places): number {
  const left = guestProcesses(places)
  for (const identity of left) signalProcess(identity, 'SIGKILL')
  return left.length
}
