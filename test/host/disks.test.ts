/** Local storage that the kernel holds to its size, and that nothing of it is left when all that knew of it is killed (H-25, H-26, S-31). */
import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import type { GuestDisk } from '../../src/guest/contract/guest-disk.ts'
import type { GuestPlace } from '../../src/machine/guest/driver.ts'
import { tryDisk } from '../../src/machine/guest/namespace/disks/trial.ts'
import { guestParts } from '../../tools/left-behind.ts'
import { rungs } from '../rungs.ts'
import { until } from '../until.ts'
import { realGuests, said } from './real-guests.ts'

const withoutNamespaces = rungs.find(({ isolation }) => isolation === 'namespace')?.skip ?? false
const withoutDisks = await tryDisk().then(
  () => false,
  (error: Error) => error.message,
)

/** Of a fabric that no `up` claims. */
const guests = realGuests('namespace', 246)
const { driver, make } = guests

const megabyte = 1024 ** 2
const temp: GuestDisk = { path: 'Resources/temp/deployment.Worker/RoleTemp', sizeMB: 20, isKept: false }
const scratch: GuestDisk = { path: 'Resources/Directory/deployment.Worker.Scratch', sizeMB: 10, isKept: false }
const kept: GuestDisk = { path: 'Resources/Directory/deployment.Worker.Kept it', sizeMB: 10, isKept: true }
const disks = [temp, scratch, kept]

/** Lines of a shell that write so many MB to a disk, and say in a file of C: how that went and how much is there. */
const write = (megabytes: number, { path }: GuestDisk, to: string) =>
  `dd if=/dev/zero of="c/${path}/all" bs=1M count=${megabytes} 2>c/${to}; stat -c %s "c/${path}/all" >>c/${to}`

const megabytesIn = (guest: GuestPlace, file: string) => Number(said(guest, file).split('\n').at(-1)) / megabyte

const first = () => guests.running().at(-1)?.first.identity

/** A directory as the guest that was made last sees it. */
const seen = (guest: GuestPlace, { path }: GuestDisk) => join(`/proc/${first()?.pid}/root`, guest.root, 'c', path)

const loopsOf = ({ root }: GuestPlace) =>
  guestParts().filter((part) => part.includes(root) || /of \/disks\//.test(part))

/** Ends the guest and starts it once more. */
async function again(guest: GuestPlace, script: string, change: Partial<GuestPlace>): Promise<GuestPlace> {
  await driver.stop(guest, first(), 0)
  rmSync(join(guest.root, 'c/ready'))
  return make(1, script, change)
}

/** Has disks made by these lines of a shell, until the function is called that is returned. */
function makeBy(script: string): () => void {
  const { PATH } = process.env
  const bin = join(guests.directory(), 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'mkfs.ext4'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  process.env['PATH'] = `${bin}:${PATH}`
  return () => {
    process.env['PATH'] = PATH
  }
}

describe('local storage of a guest with mounts of its own', { skip: withoutNamespaces || withoutDisks }, () => {
  before(driver.open)
  after(driver.close)
  beforeEach(() => guests.begin())
  afterEach(guests.end)

  it('takes what it is to hold, little more, and lets the other ones and the neighbour write on', async () => {
    const script = [write(100, scratch, 'scratch'), write(100, temp, 'temp'), write(9, kept, 'kept')]
    const full = await make(1, script.join('\n'), { disks })
    const neighbour = await make(2, write(9, scratch, 'scratch'), { disks })
    for (const [name, { sizeMB }] of [
      ['scratch', scratch],
      ['temp', temp],
    ] as const) {
      assert.match(said(full, name), /No space left on device/)
      const held = megabytesIn(full, name)
      assert.ok(held >= sizeMB && held <= sizeMB + 3, `${held} of ${sizeMB} MB`)
    }
    assert.deepEqual([megabytesIn(full, 'kept'), megabytesIn(neighbour, 'scratch')], [9, 9])
  })

  it('has the size of its definition, whatever that is', async () => {
    const sizes = [1, 4, 10, 124, 700, 1000, 10_000, 200_000]
    const each = sizes.map((sizeMB) => ({ path: `Resources/${sizeMB}`, sizeMB, isKept: false }))
    const guest = await make(1, '', { disks: each })
    for (const disk of each) {
      const { bavail, bsize } = statfsSync(seen(guest, disk))
      const free = (bavail * bsize) / megabyte
      assert.ok(free >= disk.sizeMB && free <= disk.sizeMB * 1.001 + 4, `${free} of ${disk.sizeMB} MB`)
    }
    const taken = readdirSync(join(guest.root, 'disks')).map((name) => statSync(join(guest.root, 'disks', name)).blocks)
    assert.ok(taken.reduce((sum, blocks) => sum + blocks * 512, 0) < 64 * megabyte, 'what is not written takes no room')
  })

  it('is empty at the next start, unless it is kept; that keeps what it holds when it becomes larger', async () => {
    const all = disks.map(({ path }) => `echo here > "c/${path}/marker"`).join('\n')
    const guest = await make(1, all, { disks })
    const larger = { ...kept, sizeMB: 30 }
    await again(guest, write(25, larger, 'larger'), { disks: [temp, scratch, larger] })
    const found = [temp, scratch, larger].map((disk) => readdirSync(seen(guest, disk)))
    assert.deepEqual(found, [[], [], ['all', 'marker']])
    assert.equal(megabytesIn(guest, 'larger'), 25)
    assert.equal(readFileSync(join(seen(guest, larger), 'marker'), 'utf8'), 'here\n')
  })

  it('is a file that its guest does not reach, and runs no program as another user', async () => {
    const guest = await make(1, `ls disks > c/said 2>&1; grep -E ' ext4 .*' /proc/mounts > c/mounts`, { disks })
    assert.match(said(guest, 'said'), /Permission denied/)
    const mounts = said(guest, 'mounts')
      .split('\n')
      .filter((line) => line.includes('/dev/loop'))
    assert.ok(mounts.length >= disks.length)
    for (const mount of mounts) assert.match(mount, /nosuid,nodev/)
    assert.equal(statSync(join(guest.root, 'disks')).mode & 0o777, 0o700)
  })

  it('gives room back to the machine when its content is removed', async () => {
    const file = 'deployment.Worker.Scratch.ext4'
    const guest = await make(1, `${write(9, scratch, 'scratch')}; sync`, { disks })
    const taken = () => statSync(join(guest.root, 'disks', file)).blocks * 512
    assert.ok(taken() > 9 * megabyte)
    rmSync(join(seen(guest, scratch), 'all'))
    await until(() => taken() < 2 * megabyte, 'the room is there again', 30_000)
  })

  it('is not mounted where a role has laid a link, which leads root nowhere', async () => {
    const guest = await make(1, `ln -s "${guests.directory()}/target" c/Resources`, { disks: [] })
    const target = join(guests.directory(), 'target')
    mkdirSync(join(target, scratch.path.slice('Resources/'.length)), { recursive: true })
    writeFileSync(join(target, 'marker'), '')
    await again(guest, '', { disks })
    assert.deepEqual(loopsOf(guest), [])
    assert.deepEqual(readdirSync(target).sort(), ['Directory', 'marker'])
    assert.match(readFileSync(join(guest.root, 'WaAppAgent.out'), 'utf8'), /its size is not held/)
  })

  it('is given to a guest that runs when its definition has it by then', async () => {
    const before = `mkdir -p "c/${kept.path}"; touch "c/${kept.path}/from before"`
    const guest = await make(1, before, { disks: [temp] })
    await driver.makeDisks({ ...guest, disks }, first())
    await driver.makeDisks({ ...guest, disks: [temp, { ...scratch, sizeMB: 50 }, kept] }, first())
    assert.throws(() => writeFileSync(join(seen(guest, scratch), 'all'), Buffer.alloc(100 * megabyte)), {
      code: 'ENOSPC',
    })
    assert.deepEqual(readdirSync(seen(guest, kept)), ['from before'], 'what a directory holds is not covered')
  })

  it('is mounted over what was written beside it while it was not there, and that is said', async () => {
    const guest = await make(1, `echo here > "c/${kept.path}/marker"`, { disks })
    await driver.stop(guest, first(), 0)
    await until(() => loopsOf(guest).length === 0, 'its mounts have gone', 30_000)
    writeFileSync(join(guest.root, 'c', kept.path, 'beside'), '')
    rmSync(join(guest.root, 'c/ready'))
    await make(1, '', { disks })
    assert.deepEqual(readdirSync(seen(guest, kept)), ['marker'])
    assert.match(
      readFileSync(join(guest.root, 'WaAppAgent.out'), 'utf8'),
      /Kept it holds what was written beside its disk/,
    )
  })

  it('is waited for by a guest that keeps something there, while the machine has no disks; one that keeps nothing starts without', async () => {
    const guest = await make(1, `echo here > "c/${kept.path}/marker"`, { disks })
    await driver.stop(guest, first(), 0)
    rmSync(join(guest.root, 'c/ready'))
    // Another run of the host agent, which has not tried yet.
    const later = realGuests('namespace', 246)
    later.begin()
    const restore = makeBy('echo out of order >&2; exit 1')
    try {
      await assert.rejects(
        later.make(1, '', { root: guest.root, disks }),
        /^Error: Local storage that the instance keeps stands on disks, as files in \S+\/disks, and .*: .* failed: out of order\. Mend that, and the instance starts; or rebuild it/,
      )
      const other = await later.make(2, '', { disks: [scratch] })
      assert.deepEqual(loopsOf(other), [])
      restore()
      await later.make(1, '', { root: guest.root, disks })
      assert.equal(said(guest, 'ready'), '')
      const again = later.running().at(-1)?.first.identity.pid
      assert.equal(readFileSync(join(`/proc/${again}/root`, guest.root, 'c', kept.path, 'marker'), 'utf8'), 'here\n')
    } finally {
      restore()
      await later.end()
    }
  })

  it('is there for a guest that runs, wherever its role has moved the directory: it is neither waited for nor made anew', async () => {
    const guest = await make(1, `echo here > "c/${kept.path}/marker"`, { disks })
    const inside = join(`/proc/${first()?.pid}/root`, guest.root, 'c')
    renameSync(join(inside, 'Resources'), join(inside, 'Moved'))
    await driver.makeDisks({ ...guest, disks }, first())
    assert.equal(loopsOf(guest).length, disks.length)
    assert.equal(readFileSync(join(inside, kept.path.replace('Resources', 'Moved'), 'marker'), 'utf8'), 'here\n')
  })

  it('is no longer made once its guest has ended, and what was half made is of no account', async () => {
    const guest = await make(1, '', { disks: [temp] })
    const restore = makeBy('exec sleep 86394')
    const making = assert.rejects(driver.makeDisks({ ...guest, disks }, first()))
    const half = () => readdirSync(join(guest.root, 'disks')).filter((name) => name.startsWith('.new-')).length
    try {
      await until(() => half() === 2, 'two are being made')
      await driver.stop(guest, first(), 0)
      await making
    } finally {
      restore()
    }
    await until(() => loopsOf(guest).length === 0, 'no loop device is left', 30_000)
    rmSync(join(guest.root, 'c/ready'))
    await make(1, '', { disks })
    assert.deepEqual([loopsOf(guest).length, half()], [3, 0])
  })

  it('goes with the last process of its guest, in whatever order all are killed, and leaves no file when that is removed', async () => {
    for (const order of ['starter first', 'guest first'] as const) {
      const guest = await make(1, write(5, scratch, 'scratch'), { disks })
      const pid = first()?.pid as number
      const starter = Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
      assert.equal(loopsOf(guest).length, disks.length)
      for (const one of order === 'starter first' ? [starter, pid] : [pid, starter])
        try {
          process.kill(one, 'SIGKILL')
        } catch {
          // It has gone with the one before.
        }
      await until(() => loopsOf(guest).length === 0, `no loop device is left, ${order}`, 30_000)
      assert.doesNotMatch(readFileSync('/proc/self/mounts', 'utf8'), new RegExp(guest.root))
      await driver.stop(guest, first(), 0)
      await driver.remove(guest)
      assert.equal(existsSync(guest.root), false)
    }
  })
})
