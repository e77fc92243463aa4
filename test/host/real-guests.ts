/** Real guests of either driver whose first process is a script of ours. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { timersWith } from '../../src/kernel/timers.ts'
import type { GuestPlace } from '../../src/machine/guest/driver.ts'
import { type IsolationKind, isolationOf } from '../../src/machine/guest/isolation.ts'
import type { RunningProcess } from '../../src/machine/process.ts'
import { until } from '../until.ts'

/** Whether guests have accounts of their own: root of a user namespace has one account alone to give (docs/guide/isolation.md). */
const givesAccounts = readFileSync('/proc/self/uid_map', 'utf8').trim().split(/\s+/).at(-1) !== '1'

/**
 * The b of the 127.b.0.0/16 of a test's fabric, which no `up` claims. An ordinary user runs the same files and has another: root ends all
 * processes that name a guest of its own, and control groups are named after the fabric.
 */
export const fabricOf = (number: number) => (givesAccounts ? number : number - 20)

/** A guest that runs. */
export interface MadeGuest {
  readonly guest: GuestPlace
  readonly first: RunningProcess
}

export interface RealGuests {
  readonly driver: ReturnType<typeof isolationOf>['driver']
  /** Directory of the host. */
  readonly directory: () => string
  readonly programs: () => string
  readonly running: () => readonly MadeGuest[]
  /** A fresh directory for the next test. `mode`: as closed as a home directory of root, unless told. */
  readonly begin: (mode?: number) => void
  /** Where the guest of that number stands, and what it is. */
  readonly place: (number: number, change?: Partial<GuestPlace>) => GuestPlace
  /** A guest whose first process runs the script of a shell, then touches `c/ready` and stays. */
  readonly make: (
    number: number,
    script: string,
    change?: Partial<GuestPlace>,
    wirePort?: number,
  ) => Promise<GuestPlace>
  /** Ends and removes them all. */
  readonly end: () => Promise<void>
}

/**
 * Guests of a host of such a fabric, another one in each file: their accounts and container IDs follow from it: whoever ends a guest ends
 * all processes of its account, and sockets stand by container ID.
 */
export function realGuests(isolation: IsolationKind, fabric: number): RealGuests {
  const wireAddress = `127.${fabric}.0.10`
  const { driver, ownNetworks } = isolationOf(isolation, wireAddress, [])
  let directory = ''
  let running: MadeGuest[] = []
  const programs = () => join(directory, 'programs')

  const place = (number: number, change: Partial<GuestPlace> = {}): GuestPlace => {
    const containerId = `00000000-0000-0000-${String(fabric).padStart(4, '0')}-${String(number).padStart(12, '0')}`
    return {
      containerId,
      key: `deployment.Worker_IN_${number}`,
      root: join(directory, 'guests', containerId),
      uid: givesAccounts ? 200_000 + 100 * fabric + number : undefined,
      address: `${ownNetworks ? 10 : 127}.${fabric}.10.${number}`,
      size: { cores: 1, memoryMB: 768 },
      owner: { deploymentId: 'deployment', role: 'Worker' },
      open: [{ protocol: 'tcp', first: 80, last: 81, callers: ['Worker'] }],
      ...change,
    }
  }

  return {
    driver,
    directory: () => directory,
    programs,
    running: () => running,
    begin(mode = 0o700) {
      directory = mkdtempSync(join(tmpdir(), 'reddog-guests-'))
      chmodSync(directory, mode)
      mkdirSync(programs())
    },
    place,
    async make(number, script, change, wirePort = 1) {
      const guest = place(number, change)
      const { run } = await driver.create(guest)
      writeFileSync(
        join(programs(), 'WaAppAgent'),
        `#!/bin/sh\n${script}\ntouch c/ready\nwhile :; do sleep 1000 & wait $!; done\n`,
        { mode: 0o755 },
      )
      const first = await driver.start(guest, {
        key: guest.key,
        containerId: guest.containerId,
        wireServer: `http://${wireAddress}:${wirePort}`,
        root: guest.root,
        run,
        address: guest.address as string,
        ownNetwork: ownNetworks,
        probePort: 16_001,
        programs: programs(),
        assemblies: programs(),
        firstPort: 0,
        timers: timersWith([]),
      })
      const made = { ...guest, run }
      running.push({ guest: made, first })
      await until(() => existsSync(join(guest.root, 'c/ready')), `guest ${number} is ready`, 30_000)
      return made
    },
    async end() {
      for (const { guest, first } of running) {
        await driver.stop(guest, first.identity, 0)
        await driver.remove(guest)
      }
      running = []
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** What the guest has written into a file of its C:. */
export const said = ({ root }: GuestPlace, name: string) => readFileSync(join(root, 'c', name), 'utf8').trim()
