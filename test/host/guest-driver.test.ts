/** Guests of either driver, with real directories, accounts, processes and namespaces (design.md 4, 9.5). */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import type { GuestSettings } from '../../src/guest/contract/guest-settings.ts'
import { timersWith } from '../../src/kernel/timers.ts'
import type { GuestDriver, GuestPlace } from '../../src/machine/guest/driver.ts'
import { processesOf } from '../../src/machine/guest/guest-processes.ts'
import { isolationOf } from '../../src/machine/guest/isolation.ts'
import { processDriver } from '../../src/machine/guest/process-driver.ts'
import { closedDirectory } from '../../src/machine/guest/reachable.ts'
import { rungs } from '../rungs.ts'
import { until } from '../until.ts'
import { key } from './goals.ts'

const rootOnly = process.getuid?.() !== 0 && 'only root can give guests accounts of their own'
const uid = 254_000

/** Of a fabric that no `up` claims. */
const network = 252
const wireAddress = `127.${network}.0.10`

/** Of this run alone: the name of a directory outside of the test's own comes from it. */
const containerId = randomUUID()

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'reddog-driver-'))
  chmodSync(directory, 0o755)
})

afterEach(() => rmSync(directory, { recursive: true, force: true }))

function place(change: Partial<GuestPlace> = {}): GuestPlace {
  return { containerId, key, root: join(directory, 'guests', containerId), ...change }
}

function settings(guest: GuestPlace, run: string): GuestSettings {
  return {
    key,
    containerId,
    wireServer: 'http://127.0.0.1:1',
    root: guest.root,
    run,
    address: guest.address ?? '127.0.0.1',
    ownNetwork: false,
    probePort: 16_001,
    programs: directory,
    assemblies: directory,
    firstPort: 1024,
    timers: timersWith([]),
  }
}

/** The program of the guest; it says `ready` in a file of its C: when it has come to its last line. */
function program(script: string): void {
  writeFileSync(
    join(directory, 'WaAppAgent'),
    `#!/bin/sh\n${script}\ntouch c/ready\nwhile :; do sleep 1000 & wait $!; done\n`,
    { mode: 0o755 },
  )
}

async function started(guest: GuestPlace, driver: GuestDriver = processDriver) {
  const { run } = await driver.create(guest)
  const running = await driver.start(guest, settings(guest, run))
  await until(() => existsSync(join(guest.root, 'c/ready')))
  return { run, running }
}

for (const { isolation, skip } of rungs)
  describe(`a guest of the ${isolation} driver`, { skip }, () => {
    const { driver } = isolationOf(isolation, wireAddress, [])
    const own = (change: Partial<GuestPlace> = {}) =>
      place(
        isolation === 'process'
          ? change
          : { uid, address: `10.${network}.10.7`, owner: { deploymentId: 'd', role: 'Worker' }, ...change },
      )

    before(driver.open)
    after(driver.close)

    it('has a small environment, knows its settings, and leaves nothing behind', async () => {
      program('env > c/environment; cp "$1" c/settings; setsid sleep 1000 &')
      process.env['REDDOG_TEST_SECRET'] = 'of the host'
      const guest = own()
      const { run, running } = await started(guest, driver)
      delete process.env['REDDOG_TEST_SECRET']
      const environment = readFileSync(join(guest.root, 'c/environment'), 'utf8')
      assert.match(environment, new RegExp(`^RdRoleId=${key}$`, 'm'))
      assert.doesNotMatch(environment, /REDDOG_TEST_SECRET/)
      const told = JSON.parse(readFileSync(join(guest.root, 'c/settings'), 'utf8')) as GuestSettings
      const wireServer = isolation === 'process' ? 'http://127.0.0.1:1' : 'http://168.63.129.16'
      assert.deepEqual(told, { ...settings(guest, run), wireServer })
      assert.ok(run.length < 60, 'room for a socket below 107 bytes')
      assert.equal(statSync(run).mode & 0o777, 0o700)
      assert.ok((await driver.usage(guest)).processes >= 2)
      await driver.stop({ ...guest, run }, running.identity, 0)
      assert.equal(existsSync(run), false)
      assert.deepEqual(processesOf(guest), [])
      assert.deepEqual(await driver.usage(guest), { processes: 0, memoryBytes: 0 })
      await driver.remove({ ...guest, run })
      assert.equal(existsSync(guest.root) || existsSync(run), false)
    })

    it('that nobody has noted is ended before its drives are emptied, and before it is removed', async () => {
      program('setsid sleep 1000 &')
      const guest = own()
      const { run } = await started(guest, driver)
      await driver.rebuild(guest, ['c'])
      assert.deepEqual(processesOf(guest), [])
      await driver.stop(guest, undefined, 0)
      await started(guest, driver)
      await driver.remove(guest)
      assert.deepEqual(processesOf(guest), [])
      assert.equal(existsSync(guest.root) || existsSync(run), false)
    })

    it('leaves no sockets when it is removed and nobody has noted where they are', async () => {
      const guest = own()
      const { run } = await driver.create(guest)
      await driver.remove(guest)
      assert.equal(existsSync(run), false)
    })

    it('is asked to end before it is killed', async () => {
      program(`trap 'echo asked > c/asked; exit 0' TERM`)
      const guest = own()
      const { run, running } = await started(guest, driver)
      await driver.stop(guest, running.identity, 30_000)
      assert.deepEqual(await running.exited, { code: 0, signal: null })
      assert.equal(readFileSync(join(guest.root, 'c/asked'), 'utf8'), 'asked\n')
      await driver.remove({ ...guest, run })
    })

    it('spares the same instance in another container, as while it moves between two hosts', async () => {
      const other = randomUUID()
      const elsewhere = isolation === 'process' ? {} : { uid: uid + 1, address: `10.${network}.10.8` }
      program('')
      const [here, there] = [own(), own({ containerId: other, root: join(directory, 'other', other), ...elsewhere })]
      const [first, second] = [await started(here, driver), await started(there, driver)]
      await driver.stop(here, first.running.identity, 0)
      assert.ok(processesOf(there).length > 0)
      await driver.stop(there, second.running.identity, 0)
      for (const [guest, { run }] of [
        [here, first],
        [there, second],
      ] as const)
        await driver.remove({ ...guest, run })
    })
  })

describe('a guest of the process driver', () => {
  it('has an account of its own as root, which owns its drives and nothing above', { skip: rootOnly }, async () => {
    program('id -u > c/uid; touch own 2> /dev/null && touch c/escaped; setsid sleep 1000 &')
    const guest = place({ uid })
    const { run, running } = await started(guest)
    assert.equal(readFileSync(join(guest.root, 'c/uid'), 'utf8'), `${uid}\n`)
    assert.equal(existsSync(join(guest.root, 'c/escaped')), false)
    assert.equal(statSync(run).uid, uid)
    assert.throws(() => execFileSync('ls', [guest.root], { uid: uid + 1, gid: uid + 1, stdio: 'ignore' }))
    await processDriver.rebuild(guest, ['c'])
    assert.deepEqual([statSync(join(guest.root, 'c')).uid, existsSync(join(guest.root, 'c/uid'))], [uid, false])
    await processDriver.stop(guest, running.identity, 0)
    assert.deepEqual(processesOf(guest), [])
    await processDriver.remove({ ...guest, run })
  })

  it('does not take a socket directory that somebody else has laid for it', { skip: rootOnly }, async () => {
    const guest = place({ uid })
    const { run } = await processDriver.create(guest)
    rmSync(run, { recursive: true })
    mkdirSync(run)
    chownSync(run, uid + 1, uid + 1)
    await assert.rejects(processDriver.create(guest), /belongs to somebody else/)
    rmSync(run, { recursive: true })
    symlinkSync(directory, run)
    await assert.rejects(processDriver.create(guest), /belongs to somebody else/)
    rmSync(run)
  })
})

describe('a directory on the way', () => {
  it('is named when it keeps other accounts out', () => {
    const inner = join(directory, 'closed/inner')
    mkdirSync(inner, { recursive: true })
    assert.equal(closedDirectory(inner), undefined)
    chmodSync(join(directory, 'closed'), 0o700)
    assert.equal(closedDirectory(inner), join(directory, 'closed'))
  })
})
