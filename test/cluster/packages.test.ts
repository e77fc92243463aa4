/** Packages of a fabric of two machines: both controllers as processes above real etcd, and one of them gone. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import type { Command, CommandReply, OperationRecord } from '../../src/fabric/contract/commands.ts'
import { type JoinAnswer, type MachineParty, machinePaths } from '../../src/fabric/contract/machines.ts'
import { fabricPaths, party } from '../../src/fabric/contract/paths.ts'
import type { ServiceView } from '../../src/fabric/contract/views.ts'
import type { ControllerOptions } from '../../src/fabric/controller/options.ts'
import type { HostGoal } from '../../src/host/contract/goal.ts'
import { hostPaths } from '../../src/host/contract/paths.ts'
import { timersWith } from '../../src/kernel/timers.ts'
import { issueCertificate, makeAuthority, selfSignedCertificate } from '../../src/machine/certificates/authority.ts'
import { parseCertificate } from '../../src/machine/certificates/certificate.ts'
import { newFabricKey } from '../../src/machine/certificates/sealer.ts'
import { type JsonReply, openJsonClient } from '../../src/machine/http/json-client.ts'
import { bundleOf } from '../bundle.ts'
import { startEtcd, withoutEtcd } from '../etcd.ts'
import { helloConfiguration, hostFacts, serveBlobs, subscriptionId, uploadHello } from '../fabric/controller-process.ts'
import { createShop } from '../fabric/fabric.ts'
import { type Identity, identityOf, newcomer, sha256 } from '../fabric/several-machines.ts'
import { until } from '../until.ts'

const main = bundleOf('FabricController')
const port = 9443
const version = '0.1.0'
const timeoutMs = 20_000
const parties = ['machine', 'host', 'controller', 'frontEnd'] as const satisfies readonly MachineParty[]
const commonNames = {
  machine: `${party.machinePrefix}m1`,
  host: `${party.hostPrefix}m1`,
  controller: party.controller,
  frontEnd: party.frontEnd,
} as const

interface Machine {
  readonly name: string
  readonly url: string
  readonly identity: Identity
  readonly packages: string
  start(): void
  kill(): Promise<void>
}

/** m1, with which the fabric began, and m2, which has joined it as a candidate; m1 is master. */
async function twoMachines(t: TestContext) {
  const etcd = await startEtcd(t)
  const directory = join(etcd.directory, 'fabric')
  mkdirSync(directory)
  const authority = makeAuthority('Reddog fabric')
  const written = (name: string, text: string) => {
    writeFileSync(join(directory, name), text)
    return join(directory, name)
  }
  const ca = written('ca.pem', authority.certificatePem)
  const account = { name: 'acct', key: 'c2VjcmV0', blobEndpoint: 'http://127.0.0.1:1/acct' }
  const shared = {
    port,
    network: 77,
    dnsSuffix: 'localhost',
    timers: timersWith(['drainLimit=100ms']),
    subscription: { id: subscriptionId, name: 'Test', certificates: [{ thumbprint: 'A'.repeat(40), data: 'AAAA' }] },
    storageAccountFile: written('account.json', JSON.stringify(account)),
    fabricKeyFile: written('fabric.key', newFabricKey()),
    permittedBlobHosts: [await serveBlobs(t, directory)],
  } as const
  const ports = { controller: port, etcdMembers: 2380 }

  async function ask<Value>(url: string, identity: Identity | undefined, path: string, body?: unknown) {
    const client = openJsonClient({ ca: authority.certificatePem, ...(identity as Identity) })
    try {
      return await client.request<Value>({ url: url + path, body, timeoutMs })
    } finally {
      client.close()
    }
  }

  function machineOf(
    name: string,
    address: string,
    identity: Identity,
    first?: NonNullable<ControllerOptions['cluster']>['first'],
  ): Machine {
    const data = join(directory, name)
    mkdirSync(data)
    const url = `https://${address}:${port}`
    const options: ControllerOptions = {
      ...shared,
      address,
      tls: { ca, cert: written(`${name}.pem`, identity.cert), key: written(`${name}.key`, identity.key) },
      dataDirectory: data,
      etcd: { urls: etcd.urls, tls: etcd.tlsFiles, machine: name, url },
      cluster: { machine: name, version, ports, first },
      readyFile: join(data, 'ready.json'),
    }
    const file = written(`${name}.json`, JSON.stringify(options))
    let child: ChildProcess | undefined
    const kill = async () => {
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    t.after(kill)
    return {
      name,
      url,
      identity,
      packages: join(data, 'packages'),
      start() {
        rmSync(options.readyFile, { force: true })
        child = spawn(process.execPath, [main, file], { stdio: ['ignore', 'inherit', 'inherit'] })
      },
      kill,
    }
  }

  const [firstAddress, secondAddress] = [etcd.freeAddress(), etcd.freeAddress()]
  const issued = (name: (typeof parties)[number]): Identity & { readonly file: string } => {
    const made = issueCertificate(authority, { commonName: commonNames[name], usage: 'both', hosts: [firstAddress] })
    return { cert: made.certificatePem, key: made.keyPem, file: written(`m1-${name}.pem`, made.certificatePem) }
  }
  const own = Object.fromEntries(parties.map((name) => [name, issued(name)])) as Record<
    (typeof parties)[number],
    ReturnType<typeof issued>
  >
  const m1 = machineOf('m1', firstAddress, own.controller, {
    address: firstAddress,
    computer: sha256('m1'),
    authorities: {
      fabric: {
        cert: written('authority.pem', authority.certificatePem),
        key: written('authority.key', authority.keyPem),
      },
    },
    certificates: Object.fromEntries(parties.map((name) => [name, own[name].file])),
  })
  const view = async <Value>(url: string, name: string, asked: unknown) => {
    const reply = await ask<Value>(url, own.frontEnd, fabricPaths.view, { view: name, ask: asked })
    if (!reply.ok) throw new Error(`${reply.status}: ${reply.fault.message}`)
    return reply.value
  }
  const isMaster = (url: string) =>
    until(
      () =>
        view(url, 'services', { subscriptionId }).then(
          () => true,
          () => false,
        ),
      `${url} is master`,
    )
  let requests = 0
  const command = async (url: string, asked: Command) => {
    const requestId = String(++requests).padStart(32, '0')
    const caller = { thumbprint: 'A'.repeat(40), clientAddress: '127.0.0.1' }
    const envelope = { requestId, subscriptionId, operationName: asked.kind, objectId: '/', caller, command: asked }
    const reply = await ask<CommandReply>(url, own.frontEnd, fabricPaths.command, envelope)
    assert.ok(reply.ok && 'accepted' in reply.value, JSON.stringify(reply))
    return requestId
  }
  m1.start()
  await isMaster(m1.url)
  const secret = sha256('a secret')
  await command(m1.url, { kind: 'addJoinToken', token: sha256(secret), controller: true, validMs: 60_000 })
  const newest = newcomer('m2', secondAddress, parties)
  const portalCertificate = (
    parseCertificate(selfSignedCertificate('portal').certificatePem)?.der ?? Buffer.of()
  ).toString('base64')
  const joined = await ask<JoinAnswer>(
    m1.url,
    undefined,
    machinePaths.join,
    newest.request(secret, { controller: true, portalCertificate }),
  )
  assert.ok(joined.ok, JSON.stringify(joined))
  const m2 = machineOf('m2', secondAddress, identityOf(newest, joined.value, 'controller'))
  m2.start()
  await until(() => existsSync(join(directory, 'm2', 'ready.json')), 'm2 stands by')

  return {
    directory,
    m1,
    m2,
    isMaster,
    view,
    command,
    host: {
      m1: <Value>(url: string, path: string, body?: unknown) => ask<Value>(url, own.host, path, body),
      m2: <Value>(url: string, path: string, body?: unknown) =>
        ask<Value>(url, identityOf(newest, joined.value, 'host'), path, body),
    },
    async deploy(url: string) {
      const packageUrl = await uploadHello({ directory })
      await command(url, createShop)
      const id = await command(url, {
        kind: 'createDeployment',
        service: 'shop',
        slot: 'Production',
        name: 'v1',
        label: 'djE=',
        packageUrl,
        configuration: helloConfiguration(1),
        start: true,
        treatWarningsAsError: false,
        extendedProperties: {},
      })
      let found: OperationRecord | null = null
      await until(async () => {
        found = await view<OperationRecord>(url, 'operation', { subscriptionId, id })
        return found?.status !== 'InProgress'
      }, 'the operation has ended')
      assert.equal((found as OperationRecord | null)?.error, undefined)
    },
  }
}

const held = ({ packages }: Machine) => readdirSync(packages)

describe('of two machines', { skip: withoutEtcd }, () => {
  it('either may be lost: the other has the package, becomes master, and gives it to hosts', async (t) => {
    const { m1, m2, isMaster, host, deploy, view } = await twoMachines(t)
    for (const ask of [host.m1, host.m2])
      assert.equal((await ask(m1.url, hostPaths.register, hostFacts('h1'))).status, 204)
    await deploy(m1.url)
    const [sha256Held = ''] = held(m2)
    assert.deepEqual(held(m1), [sha256Held])

    await m1.kill()
    await isMaster(m2.url)
    for (const name of ['m1', 'm2'] as const) await host[name](m2.url, hostPaths.register, hostFacts('h1'))
    const goals = [await goalOf(host.m1, m2.url), await goalOf(host.m2, m2.url)]
    const index = goals.findIndex(({ instances }) => instances.length > 0)
    const placed = index === 0 ? host.m1 : host.m2
    // It is no JSON: what comes is the package itself.
    const reply = await placed(m2.url, `${hostPaths.packages}${sha256Held}`)
    assert.ok(!reply.ok && /no JSON/.test(reply.fault.message), JSON.stringify(reply))

    // The disk of m1 was lost with it: it is given the package again when it is back, while it stands by.
    rmSync(m1.packages, { recursive: true })
    m1.start()
    await until(() => existsSync(m1.packages) && held(m1).length === 1, 'm1 holds the package again')
    assert.deepEqual(held(m1), [sha256Held])
    const service = await view<ServiceView>(m2.url, 'service', { subscriptionId, service: 'shop' })
    assert.deepEqual(
      service.deployments[0]?.warnings?.filter((one) => one.includes(sha256Held)),
      [],
    )
  })

  it('who was away when a package was dropped drops it on its return', async (t) => {
    const { m1, m2, host, deploy, command } = await twoMachines(t)
    await host.m1(m1.url, hostPaths.register, hostFacts('h1'))
    await deploy(m1.url)
    assert.equal(held(m2).length, 1)
    await m2.kill()
    await command(m1.url, { kind: 'deleteDeployment', deployment: { service: 'shop', slot: 'Production' } })
    let goal = await goalOf(host.m1, m1.url)
    await until(async () => {
      goal = await goalOf(host.m1, m1.url)
      return goal.instances.every(({ deleting }) => deleting)
    }, 'the host is to delete it')
    const gone = goal.instances.map(({ key }) => key)
    await host.m1(m1.url, hostPaths.report, {
      agentRun: 'run',
      number: 1,
      goalVersion: goal.version,
      complete: true,
      instances: [],
      gone,
    })
    await until(() => held(m1).length === 0, 'the master drops it')
    assert.equal(held(m2).length, 1)
    m2.start()
    await until(() => held(m2).length === 0, 'so does m2, when it is back')
  })
})

async function goalOf(
  host: (url: string, path: string) => Promise<JsonReply<unknown>>,
  url: string,
): Promise<HostGoal> {
  const reply = await host(url, `${hostPaths.goal}?after=0&wait=0`)
  assert.ok(reply.ok && reply.value, JSON.stringify(reply))
  return reply.value as HostGoal
}
