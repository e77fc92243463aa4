import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { identityOf, isAlive, type ProcessIdentity, signalProcess } from '../process.ts'
import type { Places } from './data-directory.ts'
import { writeWhole } from './write-whole.ts'

/** A killed `up` has let go of the directory by then. Origin: choice; it takes milliseconds. */
const lockWithinMs = 5_000

/** How often it is asked whether a killed `up` has ended. */
const pollMs = 20

/**
 * Claims the data directory for this process until it ends, however it ends: SQLite's file lock ends with its holder, so
 * none is ever left behind. With `takesOver` another `up` that holds it is killed, which stops nothing else. Throws an Error with one sentence when
 * another holds it.
 */
export async function lockDataDirectory(places: Places, takesOver: boolean): Promise<void> {
  const former = upHolder(places)
  if (takesOver && former) {
    signalProcess(former, 'SIGKILL')
    while (isAlive(former)) await delay(pollMs)
  }
  // What a killed process held the kernel lets go when the last of its threads has ended.
  const trouble = lock(places, takesOver ? lockWithinMs : 0)
  if (trouble) {
    const holder = upHolder(places)
    throw new Error(
      holder
        ? `The data directory ${places.data} is already in use by another "reddog up" (process ${holder.pid}). Stop it with: reddog down --data ${places.data}`
        : `The data directory ${places.data} is in use by another "reddog up" that begins, or a "reddog down" that ends what runs there. Try again in a moment.`,
      { cause: trouble },
    )
  }
  writeWhole(holderFile(places), JSON.stringify(identityOf(process.pid)))
}

/**
 * The same for one who ends what runs there when no `up` does: it keeps others from beginning meanwhile, and is itself none that could be stopped. Does
 * nothing when another of these was first; throws an Error with one sentence when an `up` was.
 */
export function lockToClear(places: Places): void {
  const trouble = lock(places, lockWithinMs)
  const holder = upHolder(places)
  if (trouble && holder)
    throw new Error(
      `Another "reddog up" (process ${holder.pid}) has begun on ${places.data} meanwhile, and runs. Stop it with: reddog down --data ${places.data}`,
      { cause: trouble },
    )
}

/** Undefined: this process holds it until it ends; else why not. */
function lock(places: Places, withinMs: number): Error | undefined {
  const held = new DatabaseSync(join(places.run, 'up.lock'), { timeout: withinMs })
  try {
    held.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    held.close()
    return error as Error
  }
  // The handle must live as long as the process: a collected one would let go of the lock.
  process.once('exit', () => held.close())
  return undefined
}

/** The `up` that runs on the data directory, undefined when none does. */
export function upHolder(places: Places): ProcessIdentity | undefined {
  try {
    const identity = JSON.parse(readFileSync(holderFile(places), 'utf8')) as ProcessIdentity
    return isAlive(identity) ? identity : undefined
  } catch {
    return undefined
  }
}

function holderFile(places: Places): string {
  return join(places.run, 'up.json')
}
