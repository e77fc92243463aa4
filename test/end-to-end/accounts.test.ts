/** `up --accounts`: each part of the fabric that listens runs under an account of its own, and reaches nothing of the others. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  globSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { rungs } from '../rungs.ts'
import { until } from '../until.ts'
import { get, makeHouse, root } from './house.ts'
import { makeShop } from './shop.ts'

const isRoot = process.getuid?.() === 0
const skip = isRoot
  ? (rungs.find(({ isolation }) => isolation === 'namespace')?.skip ?? false)
  : 'only root has accounts to give'
const house = makeHouse(['--isolation', 'namespace', '--timer', 'settleTime=300ms'])
const withAccounts = ['FabricController', 'Azurite', 'LoadBalancer', 'RDFE', 'Portal']
const ofRoot = ['PortHolder', 'PortHolder-Azurite', 'HostAgent-host1', 'HostAgent-host2']
let address: string

/** Fields of /proc/PID/status that say what a process may. */
function rightsOf(pid: number | undefined) {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8')
  const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(text)?.[1] ?? ''
  const all = (name: string) => [...new Set(field(name).split('\t'))].map(Number)
  const sets = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].map((name) => Number.parseInt(field(name), 16))
  return { uids: all('Uid'), gids: all('Gid'), sets, noNewPrivs: field('NoNewPrivs') }
}

function uidOf(name: string): number {
  return rightsOf(house.member(name)).uids[0] as number
}

/** What a program says that runs as an account, with its groups. */
function tryAs(name: string, ...words: readonly string[]) {
  const id = String(uidOf(name))
  const groups = /^Groups:\s*(.*?) *$/m.exec(readFileSync(`/proc/${house.member(name)}/status`, 'utf8'))?.[1] ?? ''
  const as = ['--reuid', id, '--regid', id, '--groups', groups.replaceAll(' ', ','), '--inh-caps=-all']
  return spawnSync('setpriv', [...as, '--', ...words], { encoding: 'utf8' })
}

const reads = (name: string, file: string) => tryAs(name, 'cat', join(house.data, file)).status === 0

async function answers(): Promise<boolean> {
  return get(address).then(
    () => true,
    () => false,
  )
}

async function shop(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await house.reddog(...words, '--service', 'shop', '--json')
  assert.equal(code, 0, stderr + stdout)
  return stdout
}

describe('parts with accounts of their own', { skip }, () => {
  before(async () => {
    chmodSync(house.data, 0o755)
    await house.up('--accounts')
    const { addresses } = JSON.parse(await shop('deploy', makeShop(house.data, { name: 'v1' }))) as {
      readonly addresses: readonly string[]
    }
    address = addresses[0] as string
  })
  after(() => house.dispose())

  it('has no capability but that of low ports, and no way to any', () => {
    for (const name of withAccounts) {
      const { uids, gids, sets, noNewPrivs } = rightsOf(house.member(name))
      assert.ok(uids.length === 1 && (uids[0] as number) > 200_000, `${name} runs as ${uids.join()}`)
      assert.deepEqual(gids, uids, name)
      // CAP_NET_BIND_SERVICE is number 10.
      assert.deepEqual([...new Set(sets)], name === 'LoadBalancer' ? [1 << 10] : [0], name)
      assert.equal(noNewPrivs, '1', name)
    }
    assert.equal(new Set(withAccounts.map(uidOf)).size, withAccounts.length)
    for (const name of ofRoot) assert.deepEqual(rightsOf(house.member(name)).uids, [0], name)
    const workers = house.processes('LoadBalancerWorker').map((pid) => rightsOf(pid))
    for (const { uids, sets } of workers) assert.deepEqual([uids, sets[3]], [[uidOf('LoadBalancer')], 1 << 10])
  })

  it('serves a service at port 80 of its VIP, and upgrades it', async () => {
    assert.equal(new URL(address).port, '')
    assert.match(await get(address), /v1/)
    await shop('upgrade', makeShop(house.data, { name: 'v2' }))
    assert.match(await get(address), /v2/)
  })

  it('reads what is its own and nothing of the others', () => {
    const secrets: Readonly<Record<string, readonly string[]>> = {
      'trust/fabric.key': ['FabricController', 'RDFE'],
      'run/storage-account.json': ['FabricController', 'RDFE'],
      'trust/controller.key': ['FabricController'],
      'trust/front-end.key': ['RDFE'],
      'trust/load-balancer.key': ['LoadBalancer'],
      'trust/portal.key': ['Portal'],
      'trust/authority.key': [],
      'trust/host1.key': [],
      'management.key': [],
      'reddog.publishsettings': [],
      'fabric/fabric.db': ['FabricController'],
      'load-balancer/rotation.json': ['LoadBalancer'],
      'logs/RDFE/audit.log': ['RDFE'],
      'logs/RDFE.out': [],
      'run/RDFE.json': ['RDFE'],
      'run/Azurite.program.json': [],
      'run/HostAgent-host1.json': [],
      'run/up.lock': [],
    }
    for (const [file, readers] of Object.entries(secrets)) {
      assert.ok(existsSync(join(house.data, file)), file)
      assert.deepEqual(
        withAccounts.filter((name) => reads(name, file)),
        withAccounts.filter((name) => readers.includes(name)),
        file,
      )
    }
  })

  it('plants no file where root or another part reads or appends', () => {
    const shared = ['.', 'run', 'logs', 'trust', 'hosts']
    for (const name of withAccounts) {
      const places = [
        ...shared,
        ...withAccounts.filter((other) => other !== name).flatMap((other) => [`run/${other}`, `logs/${other}`]),
      ]
      for (const place of places)
        assert.notEqual(
          tryAs(name, 'ln', '-s', '/etc/passwd', join(house.data, place, 'planted')).status,
          0,
          `${name} in ${place}`,
        )
      assert.notEqual(tryAs(name, 'ls', join(house.data, 'run')).status, 0)
      assert.equal(tryAs(name, 'touch', join(house.data, 'run', name, 'own')).status, 0)
    }
    assert.deepEqual(globSync('**/planted', { cwd: house.data }), [])
  })

  it('is there again under the same account after kill -9, and logs go on in a new file', async () => {
    const log = join(house.data, 'logs/RDFE/RDFE.log')
    truncateSync(log, 10 * 1024 * 1024)
    for (const name of withAccounts) {
      const [pid, uid] = [house.member(name) as number, uidOf(name)]
      process.kill(pid, 'SIGKILL')
      await until(() => ![undefined, pid].includes(house.member(name)), `${name} runs again`)
      await until(answers, `the service answers after the end of ${name}`)
      await until(() => uidOf(name) === uid, `${name} has its account again`)
    }
    await until(async () => (await house.reddog('status')).code === 0, 'the API answers')
    await until(() => existsSync(`${log}.old`), 'the log has rotated')
  })

  it('goes back to root without the option, and with it takes what root has left', async () => {
    await house.end('SIGTERM')
    await house.up()
    for (const name of withAccounts) assert.equal(uidOf(name), 0, name)
    await until(answers, 'the service answers')
    for (const place of ['run', 'logs', 'trust'])
      assert.equal(statSync(join(house.data, place)).mode & 0o777, 0o700, place)
    await shop('upgrade', makeShop(house.data, { name: 'v3' }))
    // What `up` leaves when it is killed goes on until the next one replaces it.
    await house.end('SIGKILL')
    await house.up('--accounts')
    for (const name of withAccounts) assert.ok(uidOf(name) > 200_000, name)
    await shop('upgrade', makeShop(house.data, { name: 'v4' }))
    assert.match(await get(address), /v4/)
    const controllers = uidOf('FabricController')
    const left = spawnSync('find', [join(house.data, 'fabric'), '!', '-uid', String(controllers)], { encoding: 'utf8' })
    assert.equal(left.stdout, '')
  })

  it('goes on with what a restore has brought, as root with a narrow umask', async (t) => {
    const [file, secret] = ['fabric.backup', 'passphrase'].map((name) => join(house.data, name)) as [string, string]
    writeFileSync(secret, 'one two three four five six seven', { mode: 0o600 })
    const carryOut = (verb: string) => {
      const words = [join(root, 'dist/backup.mjs'), verb, file, '--data', house.data, '--passphrase-file', secret]
      const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' })
      assert.equal(status, 0, stderr)
    }
    carryOut('backup')
    await house.end('SIGTERM')
    const umask = process.umask(0o077)
    t.after(() => process.umask(umask))
    carryOut('restore')
    await house.up('--accounts')
    await until(answers, 'the service answers')
    await shop('upgrade', makeShop(house.data, { name: 'v5' }))
    assert.match(await get(address), /v5/)
  })

  it('leaves no process of its accounts after down', async () => {
    const uids = withAccounts.map(uidOf)
    assert.equal((await house.down()).code, 0)
    const owners = readdirSync('/proc').flatMap((pid) => (/^\d+$/.test(pid) ? uidsOf(pid) : []))
    assert.deepEqual(
      uids.filter((uid) => owners.includes(uid)),
      [],
    )
  })
})

function uidsOf(pid: string): readonly number[] {
  try {
    return rightsOf(Number(pid)).uids
  } catch {
    return []
  }
}
