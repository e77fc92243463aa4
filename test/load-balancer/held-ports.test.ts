/** The PortHolder process with the LoadBalancer process below it, as `up` starts them, and no controller. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it, type TestContext } from 'node:test'
import type { PublicEndpoint } from '../../src/fabric/contract/rotation.ts'
import type { LoadBalancerOptions } from '../../src/fabric/load-balancer/options.ts'
import type { PortHolderOptions } from '../../src/fabric/port-holder/options.ts'
import { timerDefaults } from '../../src/kernel/timers.ts'
import type { ProcessRecord } from '../../src/machine/building/process-record.ts'
import { issueCertificate, makeAuthority } from '../../src/machine/certificates/authority.ts'
import type { HeldProgram } from '../../src/machine/ports/held-program.ts'
import { isAlive } from '../../src/machine/process.ts'
import { bundleOf } from '../bundle.ts'
import { until } from '../until.ts'
import { ask, dial, endpoint, freshVip, member, origin, workerProgram } from './rig.ts'

let directory: string
let holder: ChildProcess
const at = (name: string) => join(directory, name)

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'reddog-holder-'))
  mkdirSync(at('data'))
  const { certificatePem, keyPem } = issueCertificate(makeAuthority('fabric'), { commonName: 'b', usage: 'client' })
  for (const name of ['ca', 'cert']) writeFileSync(at(name), certificatePem)
  writeFileSync(at('key'), keyPem)
  const balancer: LoadBalancerOptions = {
    controllerUrl: 'https://127.0.0.1:1',
    tls: { ca: at('ca'), cert: at('cert'), key: at('key') },
    dataDirectory: at('data'),
    timers: timerDefaults,
    readyFile: at('ready'),
    logFile: at('balancer.log'),
    localhost: freshVip(),
    workers: { program: workerProgram, count: 1 },
  }
  const program: HeldProgram = {
    start: {
      file: process.execPath,
      args: [bundleOf('LoadBalancer'), at('balancer.json')],
      title: 'LoadBalancer',
      cwd: directory,
      env: {},
      output: at('out'),
    },
    recordFile: at('record'),
    record: { digest: '', title: 'LoadBalancer', stopSignal: 'SIGTERM', place: 1 },
  }
  const options: PortHolderOptions = {
    programFile: at('program'),
    oneAtATime: false,
    timers: timerDefaults,
    logFile: at('holder.log'),
  }
  writeFileSync(at('balancer.json'), JSON.stringify(balancer))
  writeFileSync(at('program'), JSON.stringify(program))
  writeFileSync(at('holder.json'), JSON.stringify(options))
})

afterEach(async () => {
  if (holder.exitCode === null && holder.signalCode === null) {
    const ended = once(holder, 'exit')
    holder.kill('SIGTERM')
    await ended
  }
  rmSync(directory, { recursive: true })
})

/** The copy that the balancer serves from its next start on, with whatever is told of it. */
function save(version: number, endpoints: readonly PublicEndpoint[]): void {
  writeFileSync(at('data/rotation.json'), JSON.stringify({ version, endpoints }))
}

async function start(): Promise<void> {
  holder = spawn(process.execPath, [bundleOf('PortHolder'), at('holder.json')], { stdio: 'inherit' })
  await until(() => existsSync(at('ready')), 'the balancer serves')
}

function balancer(): number {
  return (JSON.parse(readFileSync(at('record'), 'utf8')) as ProcessRecord).identity.pid
}

/** The spare beside the balancer, once it is there. */
async function spare(): Promise<number> {
  const others = () => childrenOf(holder.pid as number).filter((pid) => pid !== balancer())
  await until(() => others().length === 1, 'one spare')
  return others()[0] as number
}

function childrenOf(parent: number): readonly number[] {
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))
  return pids.map(Number).filter((pid) => statusOf(pid).includes(`\nPPid:\t${parent}\n`))
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return ''
  }
}

/** Kills the balancer. Resolves when it has ended: until then it may still take a connection, with which that ends. */
async function kill(): Promise<void> {
  const { identity } = JSON.parse(readFileSync(at('record'), 'utf8')) as ProcessRecord
  rmSync(at('ready'), { force: true })
  process.kill(identity.pid, 'SIGKILL')
  await until(() => !isAlive(identity), 'its end')
}

async function udpOrigin(t: TestContext): Promise<number> {
  const socket = createSocket('udp4')
  socket.on('message', (datagram, { port, address }) => socket.send(`echo ${datagram.toString()}`, port, address))
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  t.after(() => socket.close())
  return socket.address().port
}

describe('the PortHolder process', () => {
  it('keeps connections and datagrams that arrive after a kill for the next balancer', async (t) => {
    const vip = freshVip()
    const { port } = await origin(t, (_, answer) => answer.end('answered'))
    save(1, [
      endpoint({ vip, members: [member('a', port)] }),
      endpoint({ vip, protocol: 'udp', members: [member('a', await udpOrigin(t))] }),
    ])
    await start()
    const client = createSocket('udp4')
    t.after(() => client.close())
    for (let time = 0; time < 3; time++) {
      await kill()
      const heard = once(client, 'message')
      client.send(`datagram ${time}`, 18_080, vip)
      assert.match(await ask(t, vip, 'GET / HTTP/1.0\r\n\r\n'), /answered/)
      assert.equal(String((await heard)[0]), `echo datagram ${time}`)
    }
  })

  it('has a spare that serves when the balancer is killed, and then another one', async (t) => {
    const vip = freshVip()
    const { port } = await origin(t, (_, answer) => answer.end('answered'))
    save(1, [endpoint({ vip, members: [member('a', port)] })])
    await start()
    for (let time = 0; time < 2; time++) {
      const waiting = await spare()
      await kill()
      assert.match(await ask(t, vip, 'GET / HTTP/1.0\r\n\r\n'), /answered/)
      // The spare answers at once; that it is the balancer now is written down after that.
      await until(() => balancer() === waiting, 'the spare is the balancer')
    }
  })

  it('does without a spare that was killed', async (t) => {
    const vip = freshVip()
    const { port } = await origin(t, (_, answer) => answer.end('answered'))
    save(1, [endpoint({ vip, members: [member('a', port)] })])
    await start()
    process.kill(await spare(), 'SIGKILL')
    await kill()
    assert.match(await ask(t, vip, 'GET / HTTP/1.0\r\n\r\n'), /answered/)
  })

  it('leaves a balancer that serves until it is asked to end when it is killed itself, and no spare', async (t) => {
    const vip = freshVip()
    const { port } = await origin(t, (_, answer) => answer.end('answered'))
    save(1, [endpoint({ vip, members: [member('a', port)] })])
    await start()
    const [left, waiting] = [balancer(), await spare()]
    holder.kill('SIGKILL')
    await until(() => statusOf(waiting) === '', 'the spare has ended')
    assert.match(await ask(t, vip, 'GET / HTTP/1.0\r\n\r\n'), /answered/)
    const workers = childrenOf(left)
    process.kill(left, 'SIGTERM')
    await until(() => !existsSync(at('ready')), 'it says that it has closed')
    await assert.rejects(dial(t, vip), { code: 'ECONNREFUSED' })
    await until(() => [left, ...workers].every((pid) => statusOf(pid) === ''), 'all have ended')
  })

  it('keeps a port that was moved, though the one that was asked for has become free', async (t) => {
    const vip = freshVip()
    const { port } = await origin(t, (_, answer) => answer.end('answered'))
    const other = createServer().listen(18_080, vip)
    await once(other, 'listening')
    save(1, [endpoint({ vip, members: [member('a', port)] })])
    await start()
    other.close()
    await kill()
    assert.match(await ask(t, vip, 'GET / HTTP/1.0\r\n\r\n', 18_081), /answered/)
    await assert.rejects(dial(t, vip), { code: 'ECONNREFUSED' })
  })

  it('closes what nobody serves any more (L-11)', async (t) => {
    const vip = freshVip()
    const { port } = await origin(t, (_, answer) => answer.end('answered'))
    save(1, [endpoint({ vip, members: [member('a', port)] })])
    await start()
    save(2, [endpoint({ vip, members: [member('a', port, 'out')] })])
    await kill()
    await until(() => existsSync(at('ready')), 'the balancer serves again')
    await assert.rejects(dial(t, vip), { code: 'ECONNREFUSED' })
  })

  it('has a newer balancer take over before the older one goes, which still answers what it has begun', async (t) => {
    const vip = freshVip()
    let finish: (() => void) | undefined
    const { port } = await origin(t, (request, answer) => {
      if (request.url === '/slow') finish = () => void answer.end('at last')
      else answer.end('answered')
    })
    save(1, [endpoint({ vip, members: [member('a', port)] })])
    await start()
    const [older, olderSpare] = [balancer(), await spare()]
    const slow = ask(t, vip, 'GET /slow HTTP/1.0\r\n\r\n')
    await until(() => finish !== undefined, 'the request')
    rmSync(at('ready'))
    holder.kill('SIGHUP')
    await until(() => existsSync(at('ready')), 'the newer one serves')
    assert.ok(![older, olderSpare].includes(balancer()))
    assert.match(await ask(t, vip, 'GET / HTTP/1.0\r\n\r\n'), /answered/)
    finish?.()
    assert.match(await slow, /at last/)
    await until(() => [older, olderSpare].every((pid) => statusOf(pid) === ''), 'the older ones have ended')
  })
})
