/** A guest that gets new role roots, with real processes: prepared while the role runs, taken, rolled back, kept and freed (S-34, table 3.1, design.md 9.8). */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  type Guest,
  type GuestOptions,
  hasStatus,
  isReady,
  moduleModel,
  programModel,
  startGuest,
  until,
  writeTree,
} from './guest.ts'
import { copyPrograms } from './programs.ts'

let programs = ''
before(async () => {
  programs = copyPrograms()
})
after(() => rmSync(programs, { recursive: true, force: true }))

async function inGuest(options: Omit<GuestOptions, 'programs'>, act: (guest: Guest) => Promise<void>): Promise<void> {
  const guest = await startGuest({ programs, ...options })
  try {
    await act(guest)
  } finally {
    await guest.end()
  }
}

/** A role that says its version and its root, and writes over its own files. */
function version(name: string) {
  return {
    'RoleModel.xml': moduleModel('worker.mjs'),
    'approot/version.txt': name,
    'approot/only in one.txt': name,
    'approot/worker.mjs': `import { appendFileSync, readFileSync, rmSync } from 'node:fs'
      export default {
        onStart() {
          console.log('onStart', readFileSync('version.txt', 'utf8'), process.env.RoleRoot, process.env.RdRoleRoot)
          appendFileSync('version.txt', ' scribbled')
          appendFileSync('new.txt', 'x')
          rmSync('only in one.txt')
        },
        run: () => new Promise(() => setInterval(() => {}, 1000)),
        onStop() { console.log('onStop') },
      }`,
  }
}

const shaOf = (name: string) => createHash('sha256').update(name).digest('hex')

/** The configuration of that guest with another role root, of the version of that name. */
function rootOf(guest: Guest, number: number, name: string, more: Partial<Guest['configuration']> = {}) {
  const { software, softwareSha256 } = packageOf(guest, name)
  return { configuration: { ...guest.configuration, software, softwareSha256, root: number, ...more } }
}

function packageOf(guest: Guest, name: string) {
  return { software: writeTree(join(dirname(guest.root), name), version(name)), softwareSha256: shaOf(name) }
}

/** Each file below a directory with the hash of its bytes. */
function bytesBelow(directory: string): Readonly<Record<string, string>> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort()
  return Object.fromEntries(
    paths.map((path) => [path.slice(directory.length), createHash('sha256').update(readFileSync(path)).digest('hex')]),
  )
}

const starts = (guest: Guest) => [...guest.log('WaWorkerHost').matchAll(/^onStart (\S+)/gm)].map(([, name]) => name)

async function readyFor(guest: Guest, incarnation: number) {
  const what = `Ready for ${incarnation}`
  return guest.host.health((health) => isReady(health) && health.goalStateIncarnation === incarnation, what)
}

/** Tests of a full disk make one: that takes the right to mount. */
const tmpfs = { skip: mayMount() ? false : 'it needs the right to mount a small file system' }

function mayMount(): boolean {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-mount-'))
  try {
    mountSmall(directory)
    execFileSync('umount', [directory])
    return true
  } catch {
    return false
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function mountSmall(directory: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', directory], { stdio: 'ignore' })
}

/** Lays a file system too small for a large role under a drive of a guest, until `grow` makes room. */
async function onSmallDisk(drive: string, act: (grow: () => void) => Promise<void>): Promise<void> {
  mountSmall(drive)
  try {
    await act(() => void execFileSync('mount', ['-o', 'remount,size=8m', drive]))
  } finally {
    execFileSync('umount', ['-l', drive])
  }
}

/** The software of a guest's package, too large for a small disk. */
function makeLarge(software: string): void {
  writeFileSync(join(software, 'approot/large.bin'), Buffer.alloc(512 * 1024))
}

describe('the next role root', () => {
  it('is unpacked on the free letter while the role runs on, and told when it is whole', () =>
    inGuest({ software: version('one') }, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      const pids = guest.pids('WaWorkerHost')
      const next = packageOf(guest, 'two')
      const seen = guest.host.reports.length
      guest.host.want({ configuration: { ...guest.configuration, next, keepFormerRoot: true } })
      await guest.host.health(({ prepared }) => prepared === shaOf('two'), 'prepared')
      assert.deepEqual(bytesBelow(join(guest.root, 'f')), bytesBelow(next.software))
      assert.ok(guest.host.reports.slice(seen).every(isReady), 'in rotation all the time')
      assert.deepEqual(guest.pids('WaWorkerHost'), pids)
      // Told to prepare another one it starts over; told to prepare nothing it drops what it has.
      guest.host.want({ configuration: { ...guest.configuration, next: packageOf(guest, 'three') } })
      await guest.host.health(({ prepared }) => prepared === shaOf('three'), 'the other one is prepared')
      guest.host.want({ configuration: { ...guest.configuration, keepFormerRoot: true } })
      await until(() => readdirSync(join(guest.root, 'f')).length === 0, 'F: is empty')
      assert.deepEqual([guest.pids('WaWorkerHost'), starts(guest)], [pids, ['one']])
      await until(() => guest.pids('WaHostBootstrapper').length === 1, 'no bootstrapper waits any more')
    }))

  it('that does not fit on the disk leaves nothing behind, is told, and comes once there is room', tmpfs, () =>
    inGuest({ software: version('one') }, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      const drive = join(guest.root, 'f')
      await onSmallDisk(drive, async (grow) => {
        const next = packageOf(guest, 'two')
        makeLarge(next.software)
        const seen = guest.host.reports.length
        guest.host.want({ configuration: { ...guest.configuration, next } })
        const { prepareFault = '' } = await guest.host.health(
          (health) => health.prepareFault !== undefined,
          'the fault',
        )
        assert.match(
          prepareFault,
          /^Role root 2 cannot be unpacked to F:\\: the disk is full\. Free some space; it is tried/,
        )
        await until(() => readdirSync(drive).length === 0, 'F: is empty')
        grow()
        await guest.host.health(({ prepared }) => prepared === next.softwareSha256, 'prepared')
        assert.ok(guest.host.reports.slice(seen).every(isReady), 'in rotation all the time')
        assert.deepEqual(bytesBelow(drive), bytesBelow(next.software))
      })
    }),
  )

  it('of a package that is damaged on the host is told, with what is missing', () =>
    inGuest({ software: version('one') }, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      const next = packageOf(guest, 'two')
      rmSync(join(next.software, 'RoleModel.xml'))
      guest.host.want({ configuration: { ...guest.configuration, next } })
      const { prepareFault } = await guest.host.health((health) => health.prepareFault !== undefined, 'the fault')
      assert.match(
        prepareFault ?? '',
        /its package is damaged on this host; it is tried again \(ENOENT.*RoleModel\.xml/,
      )
      await until(() => readdirSync(join(guest.root, 'f')).length === 0, 'F: is empty')
    }))

  it('survives the guest agent: one that is killed finds it, and does not unpack it again', () =>
    inGuest({ software: version('one') }, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      guest.host.want({ configuration: { ...guest.configuration, next: packageOf(guest, 'two') } })
      await guest.host.health(({ prepared }) => prepared !== undefined, 'prepared')
      const seen = guest.host.reports.length
      process.kill(guest.pids('WindowsAzureGuestAgent.mjs')[0] as number, 'SIGKILL')
      await until(() => guest.host.reports.length > seen, 'the agent is back')
      assert.ok(guest.host.reports.slice(seen).every(({ prepared }) => prepared === shaOf('two')))
      assert.equal(guest.log('AppAgentRuntime').match(/Role root 2 is unpacked/g)?.length, 1)
    }))
})

describe('a new role root', () => {
  it('stops the role gracefully and starts it from the other letter; C: and D: are kept (H-27, S-34, table 3.1)', () =>
    inGuest({ software: version('one') }, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      for (const drive of ['c', 'd']) writeFileSync(join(guest.root, drive, 'marker'), drive)
      const kept = join(
        guest.root,
        `c/Resources/Directory/${guest.configuration.specification.deploymentId}.Worker.Kept`,
      )
      writeFileSync(join(kept, 'marker'), 'kept')
      guest.host.want({ configuration: { ...guest.configuration, next: packageOf(guest, 'two') } })
      await guest.host.health(({ prepared }) => prepared !== undefined, 'prepared')
      const [old, ahead] = guest.pids('WaHostBootstrapper')
      assert.ok(old && ahead, 'the next bootstrapper waits beside the first (design.md 9.8)')
      const two = guest.host.want(rootOf(guest, 2, 'two', { keepFormerRoot: true }))
      await guest.host.health(hasStatus('StoppingRole'), 'StoppingRole')
      const { failures } = await readyFor(guest, two)
      assert.deepEqual(guest.pids('WaHostBootstrapper'), [ahead])
      assert.equal(failures, undefined)
      assert.match(guest.log('WaWorkerHost'), /onStart one [\s\S]*onStop\n[\s\S]*onStart two /)
      const letter = join(guest.root, 'f')
      assert.match(guest.log('WaWorkerHost'), new RegExp(`^onStart two ${letter} ${letter}/$`, 'm'))
      assert.deepEqual(
        [join(guest.root, 'c/marker'), join(guest.root, 'd/marker'), join(kept, 'marker')].map((path) =>
          existsSync(path),
        ),
        [true, true, true],
      )
      assert.equal(
        guest.log('AppAgentRuntime').match(/Role root 2 is unpacked/g)?.length,
        1,
        'the prepared one is taken',
      )
      assert.ok(existsSync(join(guest.root, 'e/RoleModel.xml')), 'the former root is kept')
      const ended = guest.host.want(rootOf(guest, 2, 'two'))
      await readyFor(guest, ended)
      await until(() => readdirSync(join(guest.root, 'e')).length === 0, 'the former root is freed')
      assert.deepEqual(starts(guest), ['one', 'two'])
    }))

  it('of a rollback has the bytes of the former package, whatever the role did to them, on the former letter', () =>
    inGuest({ software: version('one') }, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      const one = packageOf(guest, 'one')
      await readyFor(guest, guest.host.want(rootOf(guest, 1, 'one')))
      const first = bytesBelow(join(guest.root, 'e'))
      assert.notDeepEqual(first, bytesBelow(one.software), 'the role has scribbled')
      await readyFor(guest, guest.host.want(rootOf(guest, 2, 'two', { keepFormerRoot: true })))
      assert.deepEqual(bytesBelow(join(guest.root, 'e')), first, 'the former root is kept as it was left')
      guest.host.want(rootOf(guest, 2, 'two', { keepFormerRoot: true, next: one }))
      await guest.host.health(({ prepared }) => prepared === one.softwareSha256, 'prepared')
      assert.deepEqual(bytesBelow(join(guest.root, 'e')), bytesBelow(one.software))
      await readyFor(guest, guest.host.want(rootOf(guest, 3, 'one', { keepFormerRoot: true })))
      assert.match(guest.log('WaWorkerHost'), new RegExp(`^onStart one ${join(guest.root, 'e')} `, 'm'))
      assert.deepEqual(starts(guest), ['one', 'one', 'two', 'one'].slice(-starts(guest).length))
    }))

  it('on the letter from which the role runs is made when the role has stopped', () =>
    inGuest({ software: version('one') }, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      await readyFor(guest, guest.host.want(rootOf(guest, 3, 'three')))
      assert.deepEqual(starts(guest), ['one', 'three'])
      assert.match(guest.log('WaWorkerHost'), new RegExp(`^onStart three ${join(guest.root, 'e')} `, 'm'))
    }))

  it('of a role that cycles starts at once, without failures and without the words of the former one', () =>
    inGuest(
      {
        software: { 'RoleModel.xml': programModel('sh -c &quot;exit 9&quot;'), 'approot/x': '' },
        timers: { recycleDelays: [0, 200, 3_600_000] },
      },
      async (guest) => {
        await guest.host.health(
          ({ failures = 0 }) => failures >= 3,
          'a third failure, after which it waits for an hour',
        )
        const seen = guest.host.reports.length
        const { failures } = await readyFor(guest, guest.host.want(rootOf(guest, 2, 'two')))
        assert.equal(failures, undefined)
        const after = guest.host.reports.slice(seen).filter(({ goalStateIncarnation }) => goalStateIncarnation === 2)
        assert.ok(
          after.every((health) => health.failures === undefined && !/exit code 9/.test(health.description ?? '')),
        )
      },
    ))

  it('that came while the role was stopped is made at its next start (U-65)', () =>
    inGuest({ software: version('one') }, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      guest.host.want({ role: 'Stopped' })
      await guest.host.health(({ state }) => state === 'Stopped', 'Stopped')
      const stopped = guest.host.want(rootOf(guest, 2, 'two'))
      await guest.host.health((health) => health.goalStateIncarnation === stopped, 'the goal has come')
      assert.deepEqual(readdirSync(join(guest.root, 'f')), [])
      await readyFor(guest, guest.host.want({ role: 'Started' }))
      assert.deepEqual(starts(guest), ['one', 'two'])
    }))

  it('that does not fit on the disk leaves the role where it is, and says so', tmpfs, () =>
    inGuest({ software: version('one') }, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      await onSmallDisk(join(guest.root, 'f'), async (grow) => {
        const wanted = rootOf(guest, 2, 'two')
        makeLarge(wanted.configuration.software)
        const incarnation = guest.host.want(wanted)
        const health = await guest.host.health(({ prepareFault }) => prepareFault !== undefined, 'the fault')
        assert.deepEqual([health.state, health.goalStateIncarnation < incarnation], ['Ready', true])
        assert.deepEqual(starts(guest), ['one'])
        grow()
        await readyFor(guest, incarnation)
        assert.deepEqual(starts(guest), ['one', 'two'])
      })
    }),
  )
})
