import { readdirSync, readFileSync, watch } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type RoleEnvironment, readRoleEnvironment } from '../../service-model/role-environment.ts'

/** A change comes as several events: those within this time count as one. */
const settleMs = 50

/** How long a change that could not be taken over is left alone. */
const retryMs = 1_000

/** The number in the name of a role environment document. */
const numbered = /\.RoleEnvironment\.(\d{1,15})\.xml$/

/** The newest role environment document in the directory of the guest's configurations: by its number, since a clock may be set back. */
export function newestEnvironment(directory: string): RoleEnvironment {
  const [newest] = readdirSync(directory)
    .filter((name) => numbered.test(name))
    .map((name) => ({ name, number: Number(numbered.exec(name)?.[1]) }))
    .toSorted((one, other) => other.number - one.number)
  if (!newest) throw new Error('assertion: a role that runs has no environment')
  return readRoleEnvironment(readFileSync(join(directory, newest.name), 'utf8'))
}

/**
 * Reports every newer one, for as long as this process lives. A change during a report is reported after it. One that cannot be read or taken over is
 * complained of in a sentence, and tried again.
 */
export async function followEnvironment(
  directory: string,
  heard: (environment: RoleEnvironment) => Promise<void>,
  complain: (line: string) => void,
): Promise<never> {
  let changed = Promise.withResolvers<void>()
  watch(directory, () => changed.resolve())
  for (;;) {
    await changed.promise
    await delay(settleMs)
    changed = Promise.withResolvers()
    try {
      await heard(newestEnvironment(directory))
    } catch (error) {
      complain(`The changed settings are not in force yet: ${(error as Error).message}`)
      await delay(retryMs)
      changed.resolve()
    }
  }
}
