/** A Host Agent as a real process among other machines, which no master answers any more (H-38). */

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, beforeEach, describe, it } from 'node:test'
import type { HostOptions } from '../../src/host/agent/options.ts'
import { hostPaths } from '../../src/host/contract/paths.ts'
import { issueCertificate, makeAuthority } from '../../src/machine/certificates/authority.ts'
import { certificateMarks } from '../../src/machine/certificates/fingerprint.ts'
import { processesOf } from '../../src/machine/guest/guest-processes.ts'
import { askWitness, serveWitness } from '../../src/machine/host/witness.ts'
import type { Listening } from '../../src/machine/http/listen.ts'
import { type JsonRoute, serveJson } from '../../src/machine/http/serve-json.ts'
import type { TlsMaterial } from '../../src/machine/http/tls.ts'
import { signalProcess } from '../../src/machine/process.ts'
import { until } from '../until.ts'
import { goalWith, key } from './goals.ts'
import { type HostSetting, hostSetting } from './host-process.ts'

const containerId = randomUUID()
const quiet = { info() {}, warn() {}, error() {} }
const timers = [
  'heartbeatInterval=200ms',
  'hostLostAfter=4s',
  'hostIsolatedAfter=2s',
  'onStopLimit=5s',
  'recycleDelays=0,100ms',
]

const opened: Listening[] = []
const authority = makeAuthority('test')
const directory = mkdtempSync(join(tmpdir(), 'reddog-witness-'))

afterEach(() => Promise.all(opened.splice(0).map((one) => one.close())))
after(() => rmSync(directory, { recursive: true }))

/** A certificate of that party, which the machines' list of this setting has or has not. */
function certificateOf(commonName: string, signer = authority): TlsMaterial {
  const { certificatePem, keyPem } = issueCertificate(signer, {
    commonName,
    usage: 'both',
    hosts: ['192.0.2.1'],
  })
  return { ca: signer.certificatePem, cert: certificatePem, key: keyPem }
}

/** Writes the list of machines, as `up` does. */
function machinesOf(
  certificates: Readonly<Record<string, TlsMaterial>>,
  file = join(directory, 'machines.json'),
): string {
  const machines = Object.entries(certificates).map(([name, { cert }]) => ({
    name,
    certificates: [certificateMarks(cert).fingerprint],
  }))
  writeFileSync(file, JSON.stringify({ master: 'one', machines }))
  return file
}

async function witnessOf(tls: TlsMaterial, heardAgoMs: () => number | undefined): Promise<number> {
  const listening = await serveWitness({ address: '127.0.0.1', port: 0, tls }, heardAgoMs, quiet)
  opened.push(listening)
  return listening.port
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe('the witness of a machine', () => {
  it('tells hosts of the fabric when it last heard a master, those that were removed as well, and nobody else', async () => {
    const [one, two, former] = [certificateOf('host:one'), certificateOf('host:two'), certificateOf('host:three')]
    const front = certificateOf('front-end')
    const machines = machinesOf({ one, two })
    let heardAgoMs: number | undefined = 1_234
    const port = await witnessOf(two, () => heardAgoMs)
    const asked = (tls: TlsMaterial, machine = 'two') =>
      askWitness({ port, machines, tls }, machine, '127.0.0.1', 5_000)
    assert.deepEqual(await asked(one), { kind: 'heard', agoMs: 1_234 })
    assert.deepEqual(await asked(former), { kind: 'heard', agoMs: 1_234 }, 'by that it knows that it has to stop')
    heardAgoMs = undefined
    assert.deepEqual(await asked(one), { kind: 'never' })
    assert.deepEqual(await asked(front), { kind: 'other' }, 'a party that is no host')
    assert.deepEqual(await asked(one, 'one'), { kind: 'other' }, 'another machine than the one that is meant')
    machinesOf({ one })
    assert.deepEqual(await asked(one), { kind: 'other' }, 'what a machine says that was removed is not believed')
  })

  it('tells a machine that lives from one that does not answer', async (t) => {
    const one = certificateOf('host:one')
    const machines = machinesOf({ one })
    const ask = (port: number, address = '127.0.0.1') => askWitness({ port, machines, tls: one }, 'two', address, 500)
    assert.deepEqual(await ask(await freePort()), { kind: 'down' }, 'nobody listens')
    const mute = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => mute.once('listening', resolve))
    t.after(() => mute.close())
    assert.deepEqual(await ask((mute.address() as { port: number }).port), { kind: 'slow' }, 'its kernel answers')
    // Nobody is reached by TCP at an address of many.
    assert.deepEqual(await ask(9_444, '224.0.0.1'), { kind: 'silent' })
  })
})

describe('a host agent among other machines', () => {
  let host: HostSetting
  beforeEach(async () => {
    host = await hostSetting()
  })
  afterEach(() => host.close())
  const signed = (commonName: string) => certificateOf(commonName, host.authority)
  const record = () => JSON.parse(readFileSync(join(host.dataDirectory, 'records', `${containerId}.json`), 'utf8'))
  const guest = () => join(host.dataDirectory, 'guests', containerId)
  const running = () => processesOf({ key, containerId, root: guest(), uid: record().uid }).length > 0
  const instance = () => host.controller.instances.get(key)
  const logged = (text: string) => readFileSync(host.logFile, 'utf8').split(text).length - 1

  /** Starts it with a guest that is Ready; the other machine is at that address. */
  async function startAmongOthers(port: number, machines: string, tls: TlsMaterial, ...addresses: readonly string[]) {
    const files: HostOptions['tls'] = {
      ca: join(host.directory, 'ca.pem'),
      cert: join(host.directory, 'both.pem'),
      key: join(host.directory, 'both.key'),
    }
    writeFileSync(files.cert, tls.cert)
    writeFileSync(files.key, tls.key)
    const agent = await host.start({ timers, tls: files, witness: { address: '127.0.0.2', port, machines } })
    setGoal(...addresses)
    await until(() => instance()?.status === 'ReadyRole', 'the instance is Ready')
    return agent
  }

  /** The other machines are at these addresses. */
  function setGoal(...addresses: readonly string[]): void {
    const names = ['two', 'three', 'four', 'five']
    host.controller.setGoal({
      instances: [goalWith({ containerId, packageSha256: host.packageSha256 })],
      roads: (addresses.length > 0 ? addresses : ['127.0.0.1']).map((address, place) => ({
        name: names[place] as string,
        subnet: `10.9.${place + 2}.0/24`,
        address,
      })),
    })
  }

  it('stops its guests when another machine hears a master and it does not, and starts them as the goal says', async () => {
    const [one, two] = [signed('host:host1'), signed('host:two')]
    const machines = machinesOf({ host1: one, two })
    await startAmongOthers(await witnessOf(two, () => 100), machines, one)
    await host.controller.close()
    await until(() => !running(), 'the guest is stopped')
    await host.restartController()
    setGoal('127.0.0.1')
    await until(() => instance()?.status === 'ReadyRole', 'it is Ready again')
    assert.ok(host.controller.reports.some(({ isolated }) => isolated?.includes('two has heard one 0 s ago')))
  })

  it('stops its guests when the others live and refuse to say what they have heard', async () => {
    const [one, two] = [signed('host:host1'), signed('host:two')]
    const machines = machinesOf({ host1: one, two: signed('host:two') })
    await startAmongOthers(await witnessOf(two, () => undefined), machines, one)
    await host.controller.close()
    await until(() => !running(), 'the guest is stopped')
    assert.match(readFileSync(host.logFile, 'utf8'), /and no other machine does/)
    await host.restartController()
  })

  it('stops nothing when the others have heard no master either', async () => {
    const [one, two] = [signed('host:host1'), signed('host:two')]
    const machines = machinesOf({ host1: one, two })
    const lost = Date.now()
    await startAmongOthers(await witnessOf(two, () => 1_000 + Date.now() - lost), machines, one)
    await host.controller.close()
    await until(() => logged('askWitnesses: no master has answered') >= 3, 'it has asked three times')
    assert.equal(running(), true)
    await host.restartController()
    setGoal('127.0.0.1')
    await until(() => host.controller.reports.some(({ complete }) => complete))
    assert.equal(running(), true)
  })

  it('stops its guests when those that answer are fewer than half with it, whatever they have heard', async () => {
    const [one, two] = [signed('host:host1'), signed('host:two')]
    const machines = machinesOf({ host1: one, two })
    const nobody = ['224.0.0.1', '224.0.0.2', '224.0.0.3']
    await startAmongOthers(await witnessOf(two, () => undefined), machines, one, '127.0.0.1', ...nobody)
    await host.controller.close()
    await until(() => !running(), 'the guest is stopped')
    assert.match(readFileSync(host.logFile, 'utf8'), /only 1 of 4 other machines answer/)
    await host.restartController()
  })

  it('stops its guests when no other machine answers, and a new run of it starts nothing before the controller speaks', async () => {
    const one = signed('host:host1')
    const machines = machinesOf({ host1: one })
    const agent = await startAmongOthers(await freePort(), machines, one, '224.0.0.1')
    await host.controller.close()
    await until(() => !running(), 'the guest is stopped')
    signalProcess(agent.identity, 'SIGKILL')
    await agent.exited
    const files = {
      ca: join(host.directory, 'ca.pem'),
      cert: join(host.directory, 'both.pem'),
      key: join(host.directory, 'both.key'),
    }
    await host.start({ timers, tls: files, witness: { address: '127.0.0.2', port: await freePort(), machines } })
    await until(() => logged('register: the controller does not know this host') >= 6)
    assert.equal(running(), false)
    await host.restartController()
    setGoal('224.0.0.1')
    await until(() => instance()?.status === 'ReadyRole', 'it is Ready again')
  })

  it('stops its guests when the master knows its machine no more', async () => {
    const [one, two] = [signed('host:host1'), signed('host:two')]
    const machines = machinesOf({ host1: one, two })
    await startAmongOthers(await witnessOf(two, () => undefined), machines, one)
    const { port } = host.controller
    await host.controller.close()
    const { certificatePem, keyPem } = issueCertificate(host.authority, {
      commonName: 'controller',
      usage: 'server',
      hosts: ['127.0.0.1'],
    })
    const tls = { ca: host.authority.certificatePem, cert: certificatePem, key: keyPem }
    const deaf = await serveJson({
      address: '127.0.0.1',
      port,
      tls,
      log: quiet,
      routes: [refusal('POST', hostPaths.register), refusal('POST', hostPaths.report)],
    })
    await until(() => !running(), 'the guest is stopped')
    await deaf.close()
    await host.restartController()
  })
})

/** Nobody may call it. */
function refusal(method: 'GET' | 'POST', path: string): JsonRoute {
  return { method, path, allows: () => false, handle: () => Promise.resolve(undefined) }
}
