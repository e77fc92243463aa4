/** The whole house: a service is deployed with the command line, used through its VIP, and survives the loss of every part of the platform. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { cpSync, globSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { BlobServiceClient } from '@azure/storage-blob'
import { uploadPackage } from '../../src/client/packages/upload.ts'
import { until } from '../until.ts'
import { get, makeHouse, root } from './house.ts'
import { startLoad } from './load.ts'

const house = makeHouse()
const example = join(house.data, 'example')
let address: string

/** Who answers at the VIP: `Hello_IN_0`. */
async function answers(): Promise<string> {
  return /instance (\S+)/.exec(await get(address))?.[1] ?? ''
}

/** Process numbers of the example's two servers: they change when a role was stopped. */
function roles(): readonly number[] {
  return house.processes('node')
}

/** Where the sockets of each guest stand. */
function runDirectories(): readonly string[] {
  return globSync('hosts/*/guests/*/guest.json', { cwd: house.data }).map(
    (file) => (JSON.parse(readFileSync(join(house.data, file), 'utf8')) as { run: string }).run,
  )
}

interface Status {
  readonly services: readonly {
    readonly deployments: readonly {
      readonly status: string
      readonly instances: readonly { readonly status: string }[]
    }[]
  }[]
}

async function statuses(service: string): Promise<readonly string[]> {
  const { stdout } = await house.reddog('status', '--service', service, '--json')
  const { services } = JSON.parse(stdout) as Status
  return services.flatMap(({ deployments }) =>
    deployments.flatMap(({ status, instances }) => [status, ...instances.map((instance) => instance.status)]),
  )
}

/** The example, at a port that no fabric of another test holds on 127.0.0.1, where services are told apart by name. */
async function copyExample(): Promise<void> {
  cpSync(join(root, 'examples/hello-worker'), example, { recursive: true })
  const file = join(example, 'ServiceDefinition.csdef')
  writeFileSync(file, readFileSync(file, 'utf8').replace('port="80"', `port="${await freePort()}"`))
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

before(copyExample)
before(() => house.up())
after(() => house.dispose())

describe('the whole house', () => {
  it('deploys a directory, ends with 0 when every instance is Ready, and says where the service answers', async () => {
    const { code, stdout, stderr } = await house.reddog('deploy', example, '--service', 'hello', '--json')
    assert.equal(code, 0, stderr)
    const { addresses } = JSON.parse(stdout) as { addresses: readonly string[] }
    address = addresses[0] as string
    assert.match(await get(address), /^Hello from a cloud service, instance Hello_IN_[01]\n$/)
    assert.deepEqual(await statuses('hello'), ['Running', 'ReadyRole', 'ReadyRole'])
  })

  it('balances over both instances (L-8)', async () => {
    const seen = new Set<string>()
    await until(async () => seen.add(await answers()).size === 2, 'both instances answer')
  })

  it('answers on this machine under the name of the service too (design.md 5)', async () => {
    const { port } = new URL(address)
    assert.match(await get(`http://127.0.0.1:${port}/`, { host: 'hello.localhost' }), /^Hello from/)
  })

  it('shows every part as a process of its own under its own name (F-23)', () => {
    const expected = { RDFE: 1, FabricController: 1, PortHolder: 2, LoadBalancer: 2, HostAgent: 2, WaAppAgent: 2 }
    const inGuests = { WindowsAzureGuestAgent: 2, WaHostBootstrapper: 2 }
    for (const [title, count] of Object.entries({ ...expected, ...inGuests }))
      assert.equal(house.processes(title).length, count, title)
  })

  it('prints logs by their names, with the real path beside the logical one (G-1)', async () => {
    const { code, stdout, stderr } = await house.reddog(
      'logs',
      'Hello_IN_0',
      'WaHostBootstrapper',
      '--service',
      'hello',
    )
    assert.equal(code, 0)
    assert.match(stdout, /Host process "node server\.js" started/)
    const [logical, real] = stderr.trim().split('  is  ')
    assert.match(
      logical as string,
      /^C:\\Resources\\Directory\\[0-9a-f]{32}\.Hello\.DiagnosticStore\\WaHostBootstrapper\.log$/,
    )
    assert.equal(readFileSync(real as string, 'utf8'), stdout)
  })

  it('names the logs that there are when one is misspelt', async () => {
    const { code, stderr } = await house.reddog('logs', 'Hello_IN_0', 'Nonsense', '--service', 'hello')
    assert.equal(code, 1)
    assert.match(stderr, /Hello_IN_0 has no log called "Nonsense"\. It has: WaAppAgent, AppAgentRuntime,/)
  })

  for (const name of ['RDFE', 'FabricController', 'PortHolder', 'LoadBalancer', 'HostAgent-host1', 'Azurite'])
    it(`goes on after a kill -9 of ${name}: no role stops, and the API works`, async () => {
      const [before, running] = [house.member(name) as number, roles()]
      process.kill(before, 'SIGKILL')
      await until(() => ![undefined, before].includes(house.member(name)), `${name} runs again`)
      await until(async () => (await answers().catch(() => '')) !== '', 'the service answers')
      await until(async () => (await statuses('hello')).join() === 'Running,ReadyRole,ReadyRole', 'both are Ready')
      assert.deepEqual(roles(), running)
    })

  it('goes on after a kill -9 of a guest agent, without a stop of its role (design.md 9.6)', async () => {
    const [agents, running] = [house.processes('WindowsAzureGuestAgent'), roles()]
    process.kill(agents[0] as number, 'SIGKILL')
    await until(() => house.processes('WindowsAzureGuestAgent').filter((pid) => pid !== agents[0]).length === 2)
    await until(async () => (await statuses('hello')).join() === 'Running,ReadyRole,ReadyRole', 'both are Ready')
    assert.deepEqual(roles(), running)
  })

  it('brings back a role whose program dies (H-13)', async () => {
    const running = roles()
    process.kill(running[0] as number, 'SIGKILL')
    await until(() => roles().filter((pid) => pid !== running[0]).length === 2, 'a new program runs')
    await until(async () => (await statuses('hello')).join() === 'Running,ReadyRole,ReadyRole', 'both are Ready')
  })

  it('loses no accepted operation when the controller is killed right after it', async () => {
    const asked = await house.reddog('deploy', example, '--service', 'second', '--no-wait', '--json')
    process.kill(house.member('FabricController') as number, 'SIGKILL')
    assert.equal(asked.code, 0, asked.stderr)
    await until(async () => (await statuses('second')).join() === 'Running,ReadyRole,ReadyRole', 'second is Ready')
    assert.equal((await house.reddog('service', 'delete', 'second', '--with-deployments')).code, 0)
  })

  it('reboots an instance, and waits until it is Ready again', async () => {
    const running = roles()
    assert.equal((await house.reddog('instance', 'reboot', 'Hello_IN_1', '--service', 'hello')).code, 0)
    assert.equal(roles().length, 2)
    assert.equal(roles().filter((pid) => running.includes(pid)).length, 1)
  })

  it('loses no request on kept-alive connections while an instance is rebooted (L-7)', async () => {
    const load = startLoad(address)
    await until(() => load.answered() > 100, 'the load runs')
    assert.equal((await house.reddog('instance', 'reboot', 'Hello_IN_0', '--service', 'hello')).code, 0)
    assert.deepEqual(await load.stop(), [])
  })

  it('says why, in the events', async () => {
    const { stdout } = await house.reddog('events', '--service', 'hello')
    assert.match(stdout, /RebootRoleInstanceBySlot: accepted as request [0-9a-f]{32}/)
    assert.match(stdout, /Hello_IN_1 {2}ReadyRole: /)
  })

  it('suspends and resumes: the port is closed between (U-63, L-11)', async () => {
    assert.equal((await house.reddog('suspend', '--service', 'hello')).code, 0)
    assert.deepEqual(roles(), [])
    await assert.rejects(get(address))
    assert.equal((await house.reddog('resume', '--service', 'hello')).code, 0)
    assert.match(await get(address), /^Hello from/)
  })

  it('adopts everything when up was killed and is started again', async () => {
    const running = roles()
    await house.end('SIGKILL')
    assert.match(await get(address), /^Hello from/)
    await house.up()
    assert.match(house.said(), /FabricController still runs/)
    assert.deepEqual(await statuses('hello'), ['Running', 'ReadyRole', 'ReadyRole'])
    assert.deepEqual(roles(), running)
  })

  it('brings the service back after an orderly stop (table 3.1)', async () => {
    assert.equal(await house.end('SIGTERM'), 0)
    for (const title of ['node', 'WaAppAgent', 'HostAgent', 'FabricController'])
      assert.deepEqual(house.processes(title), [], title)
    // A reboot of the machine empties /run of whatever is still there.
    for (const directory of runDirectories()) rmSync(directory, { recursive: true, force: true })
    await house.up()
    await until(async () => (await statuses('hello')).join() === 'Running,ReadyRole,ReadyRole', 'both are Ready')
    await until(async () => (await answers().catch(() => '')) !== '', 'the service answers')
  })

  it('refuses what cannot be, in one sentence, and says so with its exit code', async () => {
    const { code, stderr } = await house.reddog('deploy', example, '--service', 'hello')
    assert.equal(code, 1)
    assert.match(stderr, /The specified deployment slot Production is occupied\./)
  })

  it('leaves no package behind that was refused or is old, and none alone that is under way', async () => {
    const connection = house.greeting()['blobConnectionString'] as string
    const part = (name: string) => new RegExp(`${name}=([^;]+)`).exec(connection)?.[1] as string
    const account = { name: part('AccountName'), key: part('AccountKey'), blobEndpoint: part('BlobEndpoint') }
    const packages = BlobServiceClient.fromConnectionString(connection).getContainerClient('deployments')
    const names = async () => {
      const found: string[] = []
      for await (const { name } of packages.listBlobsFlat()) found.push(name)
      return found
    }
    const upload = (leftMs?: number) =>
      uploadPackage(join(example, 'ServiceDefinition.csdef'), account, new AbortController().signal, () => {}, {
        leftMs,
      })

    const before = await names()
    for (const verb of ['deploy', 'upgrade']) {
      const [service, slot] = verb === 'deploy' ? ['hello', 'production'] : ['hello', 'staging']
      const words = [verb, example, '--service', service, '--slot', slot, '--no-wait'] as const
      assert.equal((await house.reddog(...words)).code, 1)
    }
    assert.deepEqual(await names(), before, 'refused')

    const own = await packages.uploadBlockBlob('own.cspkg', 'mine', 4)
    assert.equal(own.response._response.status, 201)
    const [first] = [await upload(), await upload()]
    assert.ok(
      (await names()).some((name) => first.url.endsWith(name)),
      'under way',
    )
    const last = await upload(-2_000)
    assert.deepEqual(await names(), ['own.cspkg', last.url.replace(/.*\//, '')], 'old')
    await last.remove()
    await packages.deleteBlob('own.cspkg')
  })

  it('leaves no service behind that was made for a deployment which is refused', async () => {
    const misfit = join(house.data, 'misfit.cscfg')
    const fitting = readFileSync(join(example, 'ServiceConfiguration.cscfg'), 'utf8')
    writeFileSync(misfit, fitting.replaceAll('name="Hello"', 'name="Helo"'))
    const { code, stderr } = await house.reddog('deploy', example, misfit, '--service', 'misfit')
    assert.equal(code, 1)
    assert.match(stderr, /Role 'Helo' specified in the service configuration file is not declared/)
    assert.doesNotMatch((await house.reddog('service', 'list')).stdout, /misfit/)
  })

  it('refuses what it would warn of with --warnings-as-errors (D-3, D-13)', async () => {
    const odd = join(house.data, 'odd.cscfg')
    const fitting = readFileSync(join(example, 'ServiceConfiguration.cscfg'), 'utf8')
    writeFileSync(odd, fitting.replace('osVersion="*"', 'osVersion="latest"'))
    for (const words of [
      ['deploy', example, odd, '--service', 'odd'],
      ['config', odd, '--service', 'hello'],
    ]) {
      const { code, stderr } = await house.reddog(...words, '--warnings-as-errors')
      assert.equal(code, 1)
      assert.match(stderr, /Severity:Warning, message:The osVersion "latest" is no release of osFamily 4/)
    }
  })

  it('deletes a deployment so that nothing of it is left', async () => {
    assert.equal((await house.reddog('delete', '--service', 'hello')).code, 0)
    await until(() =>
      ['node', 'WaAppAgent', 'WaHostBootstrapper'].every((title) => house.processes(title).length === 0),
    )
    const guests = () => ['host1', 'host2'].flatMap((host) => readdirSync(join(house.data, 'hosts', host, 'guests')))
    await until(() => guests().length === 0, 'no directory of a guest is left')
    await assert.rejects(get(address))
    assert.deepEqual(await statuses('hello'), [])
  })

  it('ends with down', async () => {
    const ended = house.end('SIGTERM')
    assert.equal(await ended, 0)
    assert.deepEqual(house.processes('RDFE'), [])
  })
})
