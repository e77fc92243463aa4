import { readdirSync, readFileSync, watch } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type RoleEnvironment, readRoleEnvironment } from '../../service-model/role-environment.ts'

/** A change comes as several events: those within this time count as one. */
const settleMs = 50

/** The newest role environment document in the directory of the guest's configurations: that of the highest number, whatever the clock was. */
export function newestEnvironment(directory: string): RoleEnvironment {
  const [newest] = readdirSync(directory)
    .flatMap((name) => {
      const [, number] = /\.RoleEnvironment\.(\d+)\.xml$/.exec(name) ?? []
      return number === undefined ? [] : { name, number: Number(number) }
    })
    .toSorted((one, other) => other.number - one.number)
  if (!newest) throw new Error('assertion: a role that runs has no environment')
  return readRoleEnvironment(readFileSync(join(directory, newest.name), 'utf8'))
}

/** Reports every newer one, for as long as this process lives. A change during a report is reported after it. */
export async function followEnvironment(
  directory: string,
  heard: (environment: RoleEnvironment) => Promise<void>,
): Promise<never> {
  let changed = Promise.withResolvers<void>()
  watch(directory, () => changed.resolve())
  for (;;) {
    await changed.promise
    await delay(settleMs)
    changed = Promise.withResolvers()
    await heard(newestEnvironment(directory))
  }
}
