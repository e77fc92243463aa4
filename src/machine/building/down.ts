import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { isAlive, signalProcess } from '../process.ts'
import { byTitle } from './by-title.ts'
import type { Places } from './data-directory.ts'
import { guestProcesses } from './guests.ts'
import { clearAndSay } from './kill.ts'
import { lockToClear, upHolder } from './lock.ts'
import { recordedProcesses } from './process-record.ts'
import { WrongUse } from './wrong-use.ts'

/** How often we check what still runs. */
const pollMs = 100

/**
 * Ends all that runs on the data directory: through `up` where one runs, otherwise member by member. `say` gets a line for each,
 * and one whenever the awaited role instances change. Throws a WrongUse when there is no fabric in the directory, and an Error with one sentence when another
 * `up` has begun meanwhile.
 */
export async function bringDown(places: Places, say: (line: string) => void): Promise<void> {
  if (!existsSync(places.record))
    throw new WrongUse(`There is no fabric in ${places.data}. Name the directory that "reddog up" has, with --data.`)
  const look = waiting(places, say)
  const holder = upHolder(places)
  if (holder) {
    say(`Asking "reddog up" (process ${holder.pid}) to stop; the same again kills.`)
    signalProcess(holder, 'SIGTERM')
    for (; isAlive(holder); await delay(pollMs)) look()
  }
  lockToClear(places)
  const topFirst = recordedProcesses(places).toSorted((a, b) => b.record.place - a.record.place)
  for (const group of byTitle(topFirst, ({ record }) => record.title)) {
    for (const { record } of group) signalProcess(record.identity, record.stopSignal)
    for (; group.some(({ record }) => isAlive(record.identity)); await delay(pollMs)) look()
    say(`${group.map(({ name }) => name).join(', ')} stopped`)
  }
  await clearAndSay(places, say)
  say('Nothing runs on this data directory any more.')
}

/** Reports, on each call, which role instances still run, if they differ from the last time. */
function waiting(places: Places, say: (line: string) => void): () => void {
  let told = ''
  return () => {
    const running = [...new Set(guestProcesses(places).map(({ instance }) => instance))].sort().join(', ')
    if (running !== '' && running !== told) say(`Still running: ${running}`)
    told = running
  }
}
