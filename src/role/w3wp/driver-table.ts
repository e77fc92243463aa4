import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { drivers } from './drivers.ts'
import type { DriverFactory, DriverSurroundings, HandlerDriver } from './handler.ts'

/** The drivers of a process, each made when it is first asked for. */
export interface DriverTable {
  /** Of `modules`, a comma list: the first that has a driver; undefined when none has. */
  readonly of: (modules: string) => HandlerDriver | undefined
  /** Whether the machine has php-cgi (I-45). */
  readonly hasPhp: boolean
  /** Ends all that drivers have started. */
  readonly close: () => Promise<void>
}

export function driverTable(surroundings: DriverSurroundings): DriverTable {
  const made = new Map<DriverFactory, HandlerDriver>()
  return {
    of(modules) {
      const factory = modules
        .split(',')
        .map((name) => drivers.get(name.trim().toLowerCase()))
        .find((one) => one !== undefined)
      if (!factory) return undefined
      const driver = made.get(factory) ?? factory(surroundings)
      made.set(factory, driver)
      return driver
    },
    hasPhp: isOnPath('php-cgi'),
    async close() {
      await Promise.all([...made.values()].map((driver) => driver.close()))
    },
  }
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
