/** What an ordinary user's guests need of a machine, and what is said where it does not let them have it. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { isolationFor } from '../../src/machine/building/isolation.ts'
import { asRootOfNamespaces } from '../../src/machine/guest/namespace/as-root-of-namespaces.ts'
import type { Lack } from '../../src/machine/guest/namespace/lacks.ts'
import { accountsWithNamespaces, ordinary } from '../rungs.ts'

const lacks = join(import.meta.dirname, '../../src/machine/guest/namespace/lacks.ts')
const networks = join(import.meta.dirname, '../../src/machine/guest/namespace/guest-network.ts')
const ask = `const [{ lacksOf }, { guestNetworkOf }] = await Promise.all([import('${lacks}'), import('${networks}')])
console.log(JSON.stringify(await lacksOf(guestNetworkOf('127.251.0.10'))))`

/** What that account lacks where no user namespace may be made: in one of ours, whose root has said so. */
async function lacksWithoutNamespaces(): Promise<readonly Lack[]> {
  const keeper = spawn(unshare, ['--user', 'sh', '-c', 'echo made && exec cat'])
  await once(keeper.stdout, 'data')
  for (const map of ['uid_map', 'gid_map']) writeFileSync(`/proc/${keeper.pid}/${map}`, '0 0 100000')
  const script = `echo 0 >/proc/sys/user/max_user_namespaces && exec setpriv --reuid ${ordinary} --regid ${ordinary} --clear-groups "$@"`
  const inside = ['-t', `${keeper.pid}`, '-U', 'sh', '-c', script, 'sh', process.execPath, '-e', ask]
  const { stdout, stderr } = spawnSync(nsenter, inside, { encoding: 'utf8' })
  keeper.stdin.end()
  assert.equal(stderr, '')
  return JSON.parse(stdout) as readonly Lack[]
}

const unshare = 'unshare'
const nsenter = 'nsenter'
const isRoot = process.getuid?.() === 0

it('is named once where ordinary users may make no user namespaces, and guests are then kept apart by process', {
  skip: isRoot ? false : 'takes root, to be an ordinary user of a machine of its own',
}, async () => {
  const found = await lacksWithoutNamespaces()
  assert.equal(found.length, 1)
  assert.match(
    found[0]?.sentence ?? '',
    /^Only root can give guests networks of their own here, since ordinary users may make no user namespaces: .*\. Start Reddog as root\.$/,
  )
  assert.equal(isolationFor('auto', undefined, found), 'process')
  assert.throws(() => isolationFor('namespace', undefined, found), /Only root can give/)
})

describe('the driver of an ordinary user', () => {
  const lack = (blocks: Lack['blocks']): Lack => ({ blocks, sentence: '' })
  for (const [asked, held, lacks, kind] of [
    ['auto', undefined, [lack(false)], 'namespace'],
    ['auto', undefined, [lack(false), lack('unasked')], 'process'],
    ['namespace', undefined, [lack('unasked')], 'namespace'],
    ['auto', 'namespace', [lack('unasked')], 'namespace'],
    ['auto', 'process', [], 'process'],
  ] as const)
    it(`is ${kind}: asked ${asked}, held ${held}, lacks that block: ${lacks.map(({ blocks }) => blocks).join(', ')}`, () =>
      assert.equal(isolationFor(asked, held, lacks), kind))
})

/** A way out that leads nowhere: where there is none, what would be let out is not seen to be held back. */
const out = `ip link set lo up && ip link add out0 type veth peer name nowhere0 && ip addr add 192.0.2.1/24 dev out0 && ip link set out0 up &&
ip link set nowhere0 up && ip route add default via 192.0.2.2 && exec "$@"`

/** Ten times what they take alone. */
const limitMs = 150_000

it('guests of an ordinary user have what those of root have, and a hostile role gets nothing either (namespaces.test.ts, escapes.test.ts)', {
  skip: accountsWithNamespaces.includes(ordinary) ? false : 'takes root, and ordinary users who may make namespaces',
}, () => {
  const home = mkdtempSync(join(tmpdir(), 'reddog-ordinary-'))
  const [file, ...words] = asRootOfNamespaces
  const files = ['escapes', 'namespaces'].map((name) => join(import.meta.dirname, `${name}.test.ts`))
  const test = [
    '--test',
    '--test-force-exit',
    '--test-name-pattern=of the namespace driver|guests in namespaces',
    ...files,
  ]
  // A test that was begun by another tells it alone.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const { status, stdout } = spawnSync(file, [...words, 'sh', '-c', out, 'sh', process.execPath, ...test], {
    encoding: 'utf8',
    uid: ordinary,
    gid: ordinary,
    env: { ...env, HOME: home },
    timeout: limitMs,
    killSignal: 'SIGKILL',
  })
  // What they have begun is this user's.
  if (status === null) spawnSync('pkill', ['-KILL', '-U', String(ordinary)])
  rmSync(home, { recursive: true })
  assert.equal(status, 0, stdout)
  assert.match(stdout, /ℹ pass [5-9]\d\n/)
})
