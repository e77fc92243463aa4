/** What is said of a machine that lacks what guests in namespaces need, and how guests are kept apart there (issue 9). */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { isolationFor } from '../../src/machine/building/isolation.ts'
import type { Lack } from '../../src/machine/guest/namespace/lacks.ts'
import { rungs } from '../rungs.ts'

const skip = process.getuid?.() === 0 ? rungs[1].skip : 'takes root, to make a machine small'

const namespace = join(import.meta.dirname, '../../src/machine/guest/namespace')
const ask = `const [{ lacksOf }, { guestNetworkOf }] = await Promise.all([import('${namespace}/lacks.ts'), import('${namespace}/guest-network.ts')])
console.log(JSON.stringify(await lacksOf(guestNetworkOf('127.251.0.10'))))`

interface SmallMachine {
  readonly what: string
  /** A command that makes this machine so, for what runs in mounts of its own. */
  readonly make: string
  readonly said: RegExp
  readonly isolation: 'process' | 'namespace'
  /** The tests of guests that hold there too: they look for what is left behind. */
  readonly holds: readonly [file: string, tests: string]
}

const machines: readonly SmallMachine[] = [
  {
    what: 'where nft is missing',
    make: 'mount --bind /dev/null "$(PATH=$PATH:/usr/sbin:/sbin command -v nft)"',
    said: /^The Debian package nftables is missing; install it with: apt-get install nftables\.$/,
    isolation: 'process',
    holds: ['guest-driver.test.ts', 'a guest of the process driver'],
  },
  {
    what: 'whose control groups are only read',
    make: `awk '$2 ~ "^/sys/fs/cgroup" { print $2 }' /proc/mounts | while read -r one; do mount -o remount,bind,ro "$one"; done`,
    said: /^The control groups of this machine cannot be written, so memory, processors and processes of guests have no limits\.$/,
    isolation: 'namespace',
    holds: ['namespaces.test.ts', 'guests in namespaces'],
  },
]

/** Runs Node on such a machine. */
function run(make: string, words: readonly string[]): string {
  // A test that was begun by another tells it alone.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const inside = ['--mount', 'sh', '-c', `${make} && exec "$@"`, 'sh', process.execPath, ...words]
  const { status, stdout, stderr } = spawnSync('unshare', inside, { encoding: 'utf8', env })
  assert.equal(status, 0, `${stdout}${stderr}`)
  return stdout
}

describe('a machine', { skip }, () => {
  for (const { what, make, said, isolation, holds } of machines) {
    it(`${what} is named once, and guests are kept apart by ${isolation}`, () => {
      const lacks = JSON.parse(run(make, ['-e', ask])) as readonly Lack[]
      assert.equal(lacks.filter(({ sentence }) => said.test(sentence)).length, 1, JSON.stringify(lacks))
      assert.equal(isolationFor('auto', undefined, lacks), isolation)
    })

    it(`${what} has guests that live and leave nothing behind: ${holds.join(', ')}`, () => {
      const [file, tests] = holds
      const told = run(make, ['--test', `--test-name-pattern=${tests}`, join(import.meta.dirname, file)])
      assert.match(told, /^ℹ pass [1-9]/m)
    })
  }
})
