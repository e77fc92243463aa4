/** A fabric is saved and brought back, on the whole house: what runs is never killed for a restore (A-33). */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { until } from '../until.ts'
import { get, makeHouse, root } from './house.ts'
import { makeShop } from './shop.ts'

const house = makeHouse(['--timer', 'settleTime=300ms'])
const elsewhere = mkdtempSync(join(tmpdir(), 'house-backup-'))
const passphrase = join(elsewhere, 'passphrase')
writeFileSync(passphrase, 'correct horse battery staple\n', { mode: 0o600 })
after(async () => {
  await house.dispose()
  rmSync(elsewhere, { recursive: true, force: true })
})

function backupProgram(verb: 'backup' | 'restore', file: string, data: string, secret = passphrase) {
  const words = [verb, file, '--data', data, '--passphrase-file', secret, '--json']
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'dist/backup.mjs'), ...words])
  return { code: status, stdout: stdout.toString(), stderr: stderr.toString() }
}

/** A module by which a process is killed when it is about to move what is called so. */
function killedWhenMoving(name: string): string {
  return `data:text/javascript,${encodeURIComponent(`
    import fs from 'node:fs/promises'
    import { syncBuiltinESMExports } from 'node:module'
    const { rename } = fs
    fs.rename = (from, to) => (from.endsWith('${name}') ? process.kill(process.pid, 'SIGKILL') : rename(from, to))
    syncBuiltinESMExports()`)}`
}

async function succeeds(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await house.reddog(...words)
  assert.equal(code, 0, `${words.join(' ')}: ${stderr}`)
  return stdout
}

const deployed = async (service: string) => {
  const shop = makeShop(house.data, { name: service, count: 2 })
  const { addresses } = JSON.parse(await succeeds('deploy', shop, '--service', service, '--json')) as {
    readonly addresses: readonly [string]
  }
  return addresses[0]
}

/** Keys of instances by what `host list` says of each. */
async function hosts() {
  type Listed = { readonly name: string; readonly instances: readonly string[]; readonly unknown: readonly string[] }
  return JSON.parse(await succeeds('host', 'list', '--json')) as readonly Listed[]
}

/** Ends all that keeps the fabric, as a lost machine of a controller does; hosts, guests and balancer run on. */
async function loseController(): Promise<void> {
  await house.end('SIGKILL')
  for (const name of ['Portal', 'RDFE', 'FabricController', 'PortHolder-Azurite']) {
    const pid = house.member(name)
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
  }
  for (const pid of house.processes('Azurite')) process.kill(pid, 'SIGKILL')
  await until(() => house.processes('Azurite').length === 0, 'the Blob service has ended')
}

describe('a backup', () => {
  const file = join(elsewhere, 'fabric.backup')

  it('is taken while the fabric runs, and is brought back: what it does not know runs on, is shown, and ends when it is cleared', async () => {
    await house.up()
    const url = await deployed('early')
    const taken = backupProgram('backup', file, house.data)
    assert.equal(taken.code, 0, taken.stderr)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    await deployed('late')
    await succeeds('scale', 'Web=3', '--service', 'early')
    const workers = house.processes('WaWorkerHost').toSorted((a, b) => a - b)
    assert.equal(workers.length, 5)

    const refused = backupProgram('restore', file, house.data)
    assert.equal(refused.code, 1)
    assert.match(refused.stderr, /runs .*End it first: reddog down/)
    await loseController()
    const restored = backupProgram('restore', file, house.data)
    assert.equal(restored.code, 0, restored.stderr)

    await house.up()
    const answers = async () => (await get(url).catch(() => '')).includes('early')
    await until(answers, 'the service that the backup knows answers')
    await until(async () => (await hosts()).flatMap(({ unknown }) => unknown).length === 3, 'three are unknown')
    assert.deepEqual(
      house.processes('WaWorkerHost').toSorted((a, b) => a - b),
      workers,
    )
    assert.equal((await hosts()).flatMap(({ instances }) => instances).length, 2)

    await deployed('after')
    for (const { name } of await hosts()) await succeeds('host', 'clear', name)
    await until(() => house.processes('WaWorkerHost').length === 4, 'only what the fabric knows runs')
    assert.equal(await answers(), true)
    assert.match((await house.reddog('host', 'clear', 'host1')).stderr, /cleared already/)
  })

  it('is brought back into a new directory, with all that is needed to run its services', async () => {
    await house.end('SIGTERM')
    const data = join(elsewhere, 'new')
    const restored = backupProgram('restore', file, data)
    assert.equal(restored.code, 0, restored.stderr)
    const second = makeHouse(['--timer', 'settleTime=300ms'], undefined, data)
    try {
      await second.up()
      const listed = async () => (await second.reddog('status', '--service', 'early')).stdout
      await until(async () => (await listed()).match(/ReadyRole/g)?.length === 2, 'both instances are Ready')
    } finally {
      await second.dispose()
    }
  })

  it('whose restore is killed while it moves things: no other fabric begins there, and the same restore begins again', async () => {
    const data = join(elsewhere, 'interrupted')
    const before = backupProgram('restore', file, data)
    assert.equal(before.code, 0, before.stderr)
    const words = ['restore', file, '--data', data, '--passphrase-file', passphrase]
    const program = ['--import', killedWhenMoving('/trust'), join(root, 'dist/backup.mjs')]
    const killed = spawnSync(process.execPath, [...program, ...words])
    assert.equal(killed.signal, 'SIGKILL', killed.stderr.toString())
    assert.equal(existsSync(join(data, 'fabric.json')), false)
    const up = spawnSync(process.execPath, [join(root, 'dist/up.mjs'), 'up', '--data', data, '--port', '0'], {
      timeout: 20_000,
    })
    assert.equal(up.status, 1)
    assert.match(
      up.stderr.toString(),
      /A restore into .* was interrupted\. Let it end, or begin it again: reddog restore/,
    )
    assert.equal(existsSync(join(data, 'fabric.json')), false)
    const restored = backupProgram('restore', file, data)
    assert.equal(restored.code, 0, restored.stderr)
    assert.deepEqual(
      readdirSync(data).filter((name) => name.startsWith('.reddog-') || name === 'restoring'),
      [],
      'the copies of keys that the killed one had are gone',
    )
    const again = makeHouse(['--timer', 'settleTime=300ms'], undefined, data)
    try {
      await again.up()
      await until(
        async () => (await again.reddog('status', '--service', 'early')).stdout.match(/ReadyRole/g)?.length === 2,
        'both instances are Ready',
      )
    } finally {
      await again.dispose()
    }
  })

  it('opens with age and tar, where they are installed', { skip: !has('age') && skips('age') }, () => {
    const script = 'import pty,sys\npty.spawn(sys.argv[1:])'
    const opened = spawnSync(
      'python3',
      ['-c', script, 'sh', '-c', `age -d -o ${join(elsewhere, 'opened.tgz')} ${file}`],
      {
        input: readFileSync(passphrase),
      },
    )
    assert.equal(opened.status, 0, opened.stdout.toString())
    const listed = spawnSync('tar', ['-tzf', join(elsewhere, 'opened.tgz')]).stdout.toString()
    for (const name of ['manifest.json', 'records.jsonl', 'fabric/trust/fabric.key', 'package.cspkg'])
      assert.match(listed, new RegExp(name))
  })

  it('is refused in one sentence, and nothing is changed, when the passphrase is another, the file is cut, or it is of another fabric', async () => {
    const other = join(elsewhere, 'other-passphrase')
    writeFileSync(other, 'incorrect horse battery\n')
    const fresh = join(elsewhere, 'fresh')
    assert.match(backupProgram('restore', file, fresh, other).stderr, /does not open with this passphrase/)
    const cut = join(elsewhere, 'cut.backup')
    writeFileSync(cut, readFileSync(file))
    truncateSync(cut, statSync(cut).size - 1000)
    assert.match(backupProgram('restore', cut, fresh).stderr, /damaged/)
    assert.match(backupProgram('restore', passphrase, fresh).stderr, /is no backup/)
    assert.equal(existsSync(fresh), false)
    const stranger = makeHouse()
    try {
      await stranger.up()
      await stranger.end('SIGTERM')
      const record = readFileSync(join(stranger.data, 'fabric.json'), 'utf8')
      assert.match(backupProgram('restore', file, stranger.data).stderr, /in .* is another/)
      assert.equal(readFileSync(join(stranger.data, 'fabric.json'), 'utf8'), record)
    } finally {
      await stranger.dispose()
    }
  })
})

function has(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
}

function skips(program: string): string | false {
  return process.env['CI'] === 'true' ? false : `${program} is not installed`
}
