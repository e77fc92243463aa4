/** `reddog up` and `reddog down` on a small building of real processes: what holds for its members holds for every list of them. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { readUpCommand } from '../../src/machine/building/command-line.ts'
import { placesOf } from '../../src/machine/building/data-directory.ts'
import { recordedProcesses } from '../../src/machine/building/process-record.ts'
import { makeRunDirectory } from '../../src/machine/guest/run-directory.ts'
import { until } from '../until.ts'

const building = join(import.meta.dirname, 'fixtures/building.ts')
let data: string
let started: ChildProcess[]

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'up-'))
  started = []
})

afterEach(async () => {
  for (const child of started) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  await finished(begin('down'))
  rmSync(data, { recursive: true })
})

function begin(verb: 'up' | 'down', words: readonly string[] = [], environment: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [building, verb, '--data', data, ...words], {
    env: { ...process.env, ...environment },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  started.push(child)
  return { child, output: () => output }
}

async function finished(run: ReturnType<typeof begin>): Promise<number | null> {
  if (run.child.exitCode === null && run.child.signalCode === null) await once(run.child, 'close')
  return run.child.exitCode
}

async function up(words: readonly string[] = [], environment: Readonly<Record<string, string>> = {}) {
  const run = begin('up', ['--port', '0', '--json', ...words], environment)
  await until(() => run.output().includes('"managementUrl"') || run.child.exitCode !== null)
  return run
}

/** Something that runs in a guest of this data directory, with a directory for its sockets elsewhere. */
function beginGuest() {
  const root = join(data, 'hosts/host1/guests/one')
  const sockets = join(data, 'elsewhere/reddog-0123456789ab')
  for (const directory of [root, sockets]) mkdirSync(directory, { recursive: true })
  writeFileSync(join(root, 'guest.json'), JSON.stringify({ run: sockets }))
  writeFileSync(join(sockets, 'runtime.sock'), '')
  const child = spawn('sleep', ['1000'], { env: { ...process.env, HOME: join(root, 'c'), RdRoleId: 'abc.Web_IN_0' } })
  started.push(child)
  return { child, sockets }
}

function pids(): Readonly<Record<string, number>> {
  return Object.fromEntries(recordedProcesses(placesOf(data)).map(({ name, record }) => [name, record.identity.pid]))
}

/** '' for what is no process, or has ended. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return ''
  }
}

/** Two free ports, the second after the first. */
async function neighbours(): Promise<{ readonly first: number; readonly second: number }> {
  for (;;) {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const next = createServer().listen(port + 1, '127.0.0.1')
    const isFree = await once(next, 'listening').then(
      () => true,
      () => false,
    )
    server.close()
    next.close()
    if (isFree) return { first: port, second: port + 1 }
  }
}

function diary(): readonly string[] {
  return readFileSync(join(data, 'diary'), 'utf8').trim().split('\n')
}

describe('reddog up', () => {
  it('says on its first line of standard output where everything is, once requests are accepted (design.md 5)', async () => {
    const run = await up()
    const line = run
      .output()
      .split('\n')
      .find((candidate) => candidate.startsWith('{'))
    const greeting = JSON.parse(line as string) as Readonly<Record<string, string>>
    assert.match(greeting['managementUrl'] as string, /^https:\/\/127\.0\.0\.1:\d+$/)
    assert.equal(greeting['dataDirectory'], data)
    for (const file of ['publishSettings', 'clientCertificate', 'clientKey', 'caCertificate'])
      assert.ok(readFileSync(greeting[file] as string, 'utf8').length > 0, file)
    assert.match(greeting['blobConnectionString'] as string, /AccountName=reddog\w+;AccountKey=.+;BlobEndpoint=http:/)
  })

  it('starts its members top to bottom and stops them bottom to top, each by its own signal', async () => {
    const run = await up()
    run.child.kill('SIGINT')
    assert.equal(await finished(run), 0)
    assert.deepEqual(diary(), ['Lower started', 'Upper started', 'Upper SIGINT', 'Lower SIGTERM'])
  })

  it('starts a member again at once when it dies, and says so', async () => {
    const run = await up()
    const before = pids()
    process.kill(before['Lower'] as number, 'SIGKILL')
    await until(() => pids()['Lower'] !== undefined && pids()['Lower'] !== before['Lower'])
    await until(() => /Lower ended with signal SIGKILL; started again\n/.test(run.output()))
    assert.equal(pids()['Upper'], before['Upper'])
  })

  it('starts a member more slowly when it dies again and again', async () => {
    const run = await up(['--timer', 'recycleDelays=0,200ms,200ms'])
    let killed: number | undefined
    for (const round of [1, 2])
      await until(() => {
        const pid = pids()['Lower']
        if (pid === undefined || pid === killed) return false
        killed = pid
        return process.kill(pid, 'SIGKILL')
      }, `Lower runs in round ${round}`)
    await until(() => /Lower ended with signal SIGKILL; started again in 0\.2 s/.test(run.output()))
  })

  it('adopts after a kill -9 of itself what still runs', async () => {
    const first = await up()
    const before = pids()
    first.child.kill('SIGKILL')
    await finished(first)
    const second = await up()
    assert.deepEqual(pids(), before)
    assert.match(second.output(), /Lower still runs/)
    second.child.kill('SIGTERM')
    assert.equal(await finished(second), 0)
    assert.deepEqual(pids(), {})
  })

  it('replaces what runs with other options than are wanted now', async () => {
    const first = await up()
    const before = pids()
    first.child.kill('SIGKILL')
    await finished(first)
    await up([], { WISH: 'another' })
    assert.notEqual(pids()['Lower'], before['Lower'])
    assert.deepEqual(
      diary().filter((line) => line.startsWith('Lower')),
      ['Lower started', 'Lower SIGTERM', 'Lower started'],
    )
  })

  it('takes over from one that runs, when it is asked to: what that runs goes on under the second', async () => {
    const first = await up()
    const before = pids()
    const second = await up(['--take-over'])
    await finished(first)
    assert.equal(first.child.signalCode, 'SIGKILL')
    assert.deepEqual(pids(), before)
    second.child.kill('SIGTERM')
    assert.equal(await finished(second), 0)
    assert.deepEqual(pids(), {})
  })

  it('lets one run on a data directory, and tells the second how to end the first', async () => {
    const first = await up()
    const second = begin('up', ['--port', '0'])
    assert.equal(await finished(second), 1)
    assert.equal(
      second.output(),
      `reddog: The data directory ${data} is already in use by another "reddog up" (process ${first.child.pid}). Stop it with: reddog down --data ${data}\n`,
    )
  })

  it('refuses a data directory of a newer version in one clear sentence', async () => {
    writeFileSync(join(data, 'fabric.json'), JSON.stringify({ format: 99 }))
    const run = begin('up')
    assert.equal(await finished(run), 1)
    assert.equal(
      run.output(),
      `reddog: The data directory ${data} was written by a newer Reddog: its format is 99, this one reads up to 1. Use that version, or another directory with --data.\n`,
    )
  })

  it('says in one clear sentence that the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    const run = begin('up', ['--port', String(port)])
    assert.equal(await finished(run), 1)
    other.close()
    assert.equal(
      run.output(),
      `reddog: Port ${port} on 127.0.0.1, asked for the API, is taken by another program. Choose another with --port N, or any free one with --port 0.\n`,
    )
  })

  it('says in one clear sentence that the portal’s port is taken, when it was asked for', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    const run = begin('up', ['--port', '0', '--portal-port', String(port)])
    assert.equal(await finished(run), 1)
    other.close()
    assert.match(run.output(), new RegExp(`^reddog: Port ${port} on 127.0.0.1, asked for the portal, is taken`))
  })

  it('puts the portal beside the API, at any free port when that one is taken, and leaves it there', async () => {
    const ports = await neighbours()
    const portal = (run: ReturnType<typeof begin>) =>
      Number(/"portalUrl":"http:..127.0.0.1:(\d+)\/"/.exec(run.output())?.[1])
    const first = await up(['--port', String(ports.first)])
    assert.equal(portal(first), ports.second)
    assert.equal(readFileSync(join(data, 'portal.url'), 'utf8'), `http://127.0.0.1:${ports.second}/\n`)
    first.child.kill('SIGTERM')
    await finished(first)
    const other = createServer().listen(ports.second, '127.0.0.1')
    await once(other, 'listening')
    const second = await up(['--port', String(ports.first)])
    second.child.kill('SIGTERM')
    await finished(second)
    other.close()
    assert.notEqual(portal(second), ports.second)
    assert.equal(portal(await up(['--port', String(ports.first)])), portal(second))
  })

  it('ends with the last words of a member that does not start, and leaves nothing running', async () => {
    const run = begin('up', ['--port', '0'], { REFUSES: 'The disk is full.' })
    assert.equal(await finished(run), 1)
    assert.match(run.output(), /^Lower is up\nreddog: Upper did not start: The disk is full\.\n$/)
    assert.deepEqual(pids(), {})
  })

  it('leaves no process of which there can be no record: a second would be started beside it', async () => {
    mkdirSync(join(data, 'run/Lower.member.json'), { recursive: true })
    const run = begin('up', ['--port', '0'])
    assert.equal(await finished(run), 1)
    const left = readdirSync('/proc').filter((pid) => commandOf(pid).includes(join(data, 'run/Lower.json')))
    for (const pid of left) process.kill(Number(pid), 'SIGKILL')
    assert.deepEqual(left, [])
  })

  it('names the timers that there are when one is misspelt (C-1)', async () => {
    const run = begin('up', ['--timer', 'settleTimes=1s'])
    assert.equal(await finished(run), 2)
    assert.match(run.output(), /no timer is called "settleTimes"\. Timers: .*settleTime,/)
  })

  it('names the policies of in-place upgrades when another is asked for (U-6)', async () => {
    const run = begin('up', ['--policy', 'lax'])
    assert.equal(await finished(run), 2)
    assert.match(run.output(), /--policy lax: no policy is called so\. Policies: sameModel, relaxed2011\./)
  })

  it('ends in order when nobody reads any more what it says', async () => {
    const run = await up()
    run.child.stdout.destroy()
    run.child.stderr.destroy()
    run.child.kill('SIGINT')
    assert.equal(await finished(run), 0)
    assert.deepEqual(diary().slice(2), ['Upper SIGINT', 'Lower SIGTERM'])
  })

  it('goes on when its reader has gone, and starts again what dies', async () => {
    const run = await up()
    run.child.stderr.destroy()
    for (let round = 0; round < 3; round += 1) {
      const pid = pids()['Lower'] as number
      process.kill(pid, 'SIGKILL')
      await until(() => ![undefined, pid].includes(pids()['Lower']), `round ${round}`)
    }
    assert.equal(run.child.exitCode, null)
  })

  it('takes the end of its terminal for SIGTERM', async () => {
    const run = await up()
    run.child.kill('SIGHUP')
    assert.equal(await finished(run), 0)
    assert.deepEqual(diary().slice(2), ['Upper SIGINT', 'Lower SIGTERM'])
    assert.match(run.output(), /Reddog is down\.\n$/)
  })

  it('kills at the second signal: processes and sockets of guests are gone, and it says so', async () => {
    const run = await up([], { STUBBORN: 'yes' })
    const guest = beginGuest()
    run.child.kill('SIGINT')
    await until(() => diary().includes('Upper SIGINT'))
    await until(() => {
      run.child.kill('SIGINT')
      return run.output().includes('Killing everything.')
    })
    assert.equal(await finished(run), 1)
    assert.match(run.output(), /Killing everything\.\nEverything was killed\. Nothing runs .* any more\.\n$/)
    assert.deepEqual(pids(), {})
    await until(() => guest.child.signalCode === 'SIGKILL')
    assert.equal(existsSync(guest.sockets), false)
  })

  it('kills at its end what runs on in guests whose Host Agent had ended before, leaves no sockets of them, and says so', async () => {
    const run = await up()
    const guest = beginGuest()
    run.child.kill('SIGINT')
    assert.equal(await finished(run), 0)
    assert.match(run.output(), /What was left of guests was killed: 1 process\.\nReddog is down\.\n$/)
    await until(() => guest.child.signalCode === 'SIGKILL')
    assert.equal(existsSync(guest.sockets), false)
  })

  it('answers a wrong use with 2 and a sentence', async () => {
    const wrong = [
      [['--hosts', '0'], /^reddog: --hosts 0: a whole number from 1 to 200 is needed\.\n$/],
      [['--timer', 'foo=3s'], /no timer is called "foo"/],
      [['extra'], /extra" was asked\. Write:\nreddog up \[--data DIR\]/],
      [['--hosts'], /^reddog: --hosts needs a value, and none was given\. Write:\nreddog up/],
      [['--sloth'], /^reddog: There is no option --sloth\. Write:\nreddog up/],
    ] as const
    for (const [words, sentence] of wrong) {
      const run = begin('up', words)
      assert.equal(await finished(run), 2, words.join(' '))
      assert.match(run.output(), sentence)
    }
  })

  it('says of a data directory that cannot be made why not', async () => {
    const file = join(data, 'file')
    writeFileSync(file, '')
    const reasons = {
      '/proc/reddog/data': 'nothing can be made in /proc',
      [file]: `${file} is a file`,
      [join(file, 'below')]: `${file} is a file`,
    }
    for (const [path, reason] of Object.entries(reasons)) {
      const run = begin('up', ['--data', path])
      assert.equal(await finished(run), 1)
      assert.equal(
        run.output(),
        `reddog: The data directory ${path} cannot be made: ${reason}. Choose another with --data.\n`,
      )
    }
  })
})

describe('further Blob services (B-1)', () => {
  const read = (...hosts: readonly string[]) =>
    readUpCommand(['up', ...hosts.flatMap((host) => ['--permit-blob-host', host])]).permittedBlobHosts

  it('are none, or as many as are named', () => {
    assert.deepEqual(read(), [])
    const named = ['Acct.blob.Example', '*.blob.example', '10.0.0.4:10000', '*.local:10000', '[2001:DB8::5]']
    assert.deepEqual(
      read(...named),
      named.map((name) => name.toLowerCase()),
    )
  })

  it('are named by an IPv6 address in brackets as a URL says it', () =>
    assert.deepEqual(read('[::1]:10000', '[0:0::0:1]'), ['[::1]:10000', '[::1]']))

  for (const wrong of [
    '::1',
    '[::1',
    '[::x]',
    '[::1]10000',
    '[::1]:70000',
    '',
    '*',
    'http://blobs.example',
    'blobs.example/p',
    '*blob.example',
    'blobs:port',
    'b:70000',
  ])
    it(`cannot be called "${wrong}"`, () =>
      assert.throws(() => read(wrong), /--permit-blob-host .*: write a host with its port.*, or \*\.blob\.example/))
})

describe('reddog down', () => {
  it('asks the up that runs to stop, and waits for it', async () => {
    const run = await up()
    const down = begin('down')
    assert.equal(await finished(down), 0, down.output())
    assert.equal(await finished(run), 0, run.output())
    assert.match(down.output(), /Nothing runs on this data directory any more\.\n$/)
  })

  it('ends what runs after a kill -9 of up', async () => {
    const run = await up()
    run.child.kill('SIGKILL')
    await finished(run)
    assert.equal(Object.keys(pids()).length, 2)
    assert.equal(await finished(begin('down')), 0)
    assert.deepEqual(pids(), {})
  })

  it('says which role instances still run, kills what is left of them, and leaves no sockets', async () => {
    const run = await up()
    run.child.kill('SIGKILL')
    await finished(run)
    const guest = beginGuest()
    const down = begin('down')
    assert.equal(await finished(down), 0)
    assert.match(down.output(), /^Still running: Web_IN_0$/m)
    assert.match(down.output(), /What was left of guests was killed: 1 process\./)
    await until(() => guest.child.signalCode === 'SIGKILL')
    assert.equal(existsSync(guest.sockets), false)
  })

  it('clears all though the settings of one guest are torn, and another was made and has never started', async () => {
    const run = await up()
    run.child.kill('SIGKILL')
    await finished(run)
    const guest = beginGuest()
    const [torn, fresh] = [randomUUID(), randomUUID()]
    const sockets = await Promise.all(
      [torn, fresh].map(async (containerId) => {
        const root = join(data, 'hosts/host1/guests', containerId)
        mkdirSync(root)
        return makeRunDirectory({ containerId, key: 'abc.Web_IN_1', root })
      }),
    )
    writeFileSync(join(data, 'hosts/host1/guests', torn, 'guest.json'), '{ "run": "/ru')
    const down = begin('down')
    assert.equal(await finished(down), 0, down.output())
    await until(() => guest.child.signalCode === 'SIGKILL')
    assert.deepEqual([guest.sockets, ...sockets].filter(existsSync), [])
  })

  it('leaves alone what another up has taken over meanwhile, and says so', async () => {
    await up([], { STUBBORN: 'yes' })
    const down = begin('down')
    await until(() => diary().includes('Upper SIGINT'), 'it has asked the first to stop')
    const before = pids()
    const second = await up(['--take-over'], { STUBBORN: 'yes' })
    try {
      assert.equal(await finished(down), 1, down.output())
      assert.match(
        down.output(),
        /\nreddog: Another "reddog up" \(process \d+\) has begun on .* meanwhile, and runs\. Stop it with: /,
      )
      assert.deepEqual(pids(), before)
    } finally {
      await until(() => {
        second.child.kill('SIGINT')
        return second.output().includes('Killing everything.')
      })
      await finished(second)
    }
  })

  it('takes a directory that is no fabric for a mistake', async () => {
    const down = begin('down')
    assert.equal(await finished(down), 2)
    assert.equal(
      down.output(),
      `reddog: There is no fabric in ${data}. Name the directory that "reddog up" has, with --data.\n`,
    )
  })
})

describe('--portal-address', () => {
  const read = (text: string) => readUpCommand(['up', '--portal-address', text]).portalAddress

  it('names one address of the machine, with a port or without', () => {
    assert.deepEqual(read('192.0.2.7'), { host: '192.0.2.7', port: 8442 })
    assert.deepEqual(read('Reddog.Example:443'), { host: 'reddog.example', port: 443 })
    assert.deepEqual(read('[2001:db8::7]:9000'), { host: '2001:db8::7', port: 9000 })
    assert.equal(readUpCommand(['up']).portalAddress, undefined)
  })

  it('is refused when it names none, or all of them', () => {
    for (const text of [
      '',
      '0.0.0.0',
      '0x0',
      '[::ffff:0.0.0.0]',
      '[::]',
      '[::]:1',
      'a:0',
      'a:65536',
      '[zz]',
      'a b',
      'https://a',
      'a/b',
      '2001:db8::7',
      ':1',
    ])
      assert.throws(() => read(text), /write the one address of this machine/, text)
  })
})
