/** azure-asm-network, unmodified, against the real RDFE and the real controller: addresses that a subscription keeps (section 17, U-61). */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { pack } from '../../src/machine/package/pack.ts'
import { until } from '../until.ts'
import { asmClient } from './asm-client.ts'
import { startBlobService } from './blob-service.ts'
import { startBalancer, startHost } from './obedient-parties.ts'
import { startHouse } from './real-house.ts'

const { account, client: blobs } = await startBlobService({ after })
const house = await startHouse({ after }, { account, timers: ['settleTime=0'] })
const { services, deployments, reservedIPs } = asmClient(house)
await startHost({ after }, house, 'h0', 0)
await startHost({ after }, house, 'h1', 1)
startBalancer({ after }, house)

const schema = 'http://schemas.microsoft.com/ServiceHosting/2008/10'
let packageUri = ''
const held: Record<string, string> = {}

before(async () => {
  await blobs.getContainerClient('packages').create()
  packageUri = await uploaded()
  await services('create', { serviceName: 'shop', label: 'shop', location: 'Reddog' })
})

test('an address is reserved under a name, and shown as free (V-1 to V-3, V-8)', async () => {
  for (const name of ['one', 'two']) {
    const ended = await reservedIPs('create', { name, label: `the ${name}`, location: 'reddog' })
    assert.equal(ended['status'], 'Succeeded')
    const found = await reservedIPs('get', name.toUpperCase())
    assert.match(String(found['id']), /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
    assert.match(String(found['address']), /^127\.77\.\d+\.\d+$/)
    const { label, state, location, inUse, serviceName } = found
    assert.deepEqual([label, state, location], [`the ${name}`, 'Created', 'Reddog'])
    assert.deepEqual([inUse, serviceName], [undefined, undefined])
    held[name] = String(found['address'])
  }
  const listed = (await reservedIPs('list'))['reservedIPs'] as readonly Record<string, unknown>[]
  assert.deepEqual(
    listed.map(({ name, address }) => [name, address]),
    Object.entries(held),
  )
})

test('what cannot be reserved is refused (V-2, V-3, V-6)', async () => {
  const refusal = (parameters: object, code: string, statusCode: number) =>
    assert.rejects(reservedIPs('create', parameters), { code, statusCode })
  await refusal({ name: 'ONE', location: 'Reddog' }, 'ConflictError', 409)
  await refusal({ name: 'a/b', location: 'Reddog' }, 'BadRequest', 400)
  await refusal({ name: 'three', location: 'Mars' }, 'BadRequest', 400)
  await refusal({ name: 'three' }, 'BadRequest', 400)
  await refusal({ name: 'three', location: 'Reddog', serviceName: 'shop', deploymentName: 'v1' }, 'BadRequest', 400)
  const running = { serviceName: 'shop', deploymentName: 'v1' }
  await assert.rejects(reservedIPs('associate', 'one', running), { code: 'BadRequest' })
  await assert.rejects(reservedIPs('get', 'three'), { code: 'ResourceNotFound', statusCode: 404 })
})

test('a deployment gets the address that its configuration names (V-4, V-5)', async () => {
  await assert.rejects(deploy('v1', 'Production', 'nobody'), { code: 'BadRequest', message: /does not exist/ })
  await deploy('v1', 'Production', 'One')
  const shown = await deployments('getBySlot', 'shop', 'Production')
  const [vip] = shown['virtualIPAddresses'] as readonly Record<string, unknown>[]
  assert.deepEqual([vip?.['address'], vip?.['reservedIPName']], [held['one'], 'one'])
  assert.equal(shown['reservedIPName'], 'one')
  const found = await reservedIPs('get', 'one')
  const { inUse, serviceName, deploymentName, virtualIPName } = found
  assert.deepEqual([inUse, serviceName, deploymentName], [true, 'shop', 'v1'])
  assert.equal(virtualIPName, vip?.['name'])
  await assert.rejects(deploy('v2', 'Staging', 'one'), {
    code: 'ConflictError',
    message: /in use by the deployment v1/,
  })
  await assert.rejects(reservedIPs('deleteMethod', 'one'), { code: 'ConflictError', statusCode: 409 })
})

test('a running deployment keeps its address over every change (V-6)', async () => {
  for (const other of [undefined, 'two'])
    await assert.rejects(configure(other), { code: 'BadRequest', message: /cannot be added, changed or removed/ })
  assert.equal((await configure('ONE'))['status'], 'Succeeded')
})

test('a swap needs a reserved address in both slots or in neither, and exchanges them (U-61)', async () => {
  await deploy('v2', 'Staging', undefined)
  await ready()
  const swapped = () => deployments('swap', 'shop', { productionDeployment: 'v1', sourceDeployment: 'v2' })
  await assert.rejects(swapped(), { code: 'BadRequest', message: /v1 has the reserved IP 'one' and v2 has none/ })
  await deployments('deleteBySlot', 'shop', 'Staging')
  await deploy('v2', 'Staging', 'two')
  await ready()
  assert.equal((await swapped())['status'], 'Succeeded')
  const users = (await reservedIPs('list'))['reservedIPs'] as readonly Record<string, unknown>[]
  assert.deepEqual(
    users.map(({ name, address, deploymentName }) => [name, address, deploymentName]),
    [
      ['one', held['one'], 'v2'],
      ['two', held['two'], 'v1'],
    ],
  )
  const live = await deployments('getBySlot', 'shop', 'Production')
  assert.deepEqual([live['name'], live['reservedIPName']], ['v2', 'one'])
})

test('the address outlives its deployment, and goes when it is released (V-5, V-7)', async () => {
  for (const slot of ['Staging', 'Production']) await deployments('deleteBySlot', 'shop', slot)
  assert.equal((await reservedIPs('get', 'one'))['inUse'], undefined)
  await deploy('v3', 'Production', 'one')
  const [vip] = (await deployments('getByName', 'shop', 'v3'))['virtualIPAddresses'] as readonly Record<
    string,
    unknown
  >[]
  assert.equal(vip?.['address'], held['one'])
  assert.equal((await reservedIPs('deleteMethod', 'two'))['status'], 'Succeeded')
  await assert.rejects(reservedIPs('get', 'two'), { code: 'ResourceNotFound' })
  await assert.rejects(reservedIPs('deleteMethod', 'two'), { code: 'ResourceNotFound' })
})

function deploy(name: string, slot: string, reserved: string | undefined) {
  return deployments('create', 'shop', slot, {
    name,
    label: name,
    packageUri,
    configuration: configuration(reserved),
    startDeployment: true,
    treatWarningsAsError: false,
  })
}

function configure(reserved: string | undefined) {
  const asked = { configuration: configuration(reserved), mode: 'Auto', treatWarningsAsError: false }
  return deployments('changeConfigurationByName', 'shop', 'v1', asked)
}

/** Every instance of both slots takes part in the service. */
async function ready(): Promise<void> {
  await until(async () => {
    const shown = await Promise.all(['Production', 'Staging'].map((slot) => deployments('getBySlot', 'shop', slot)))
    const statuses = shown.flatMap((one) =>
      (one['roleInstances'] as readonly Record<string, unknown>[]).map(({ instanceStatus }) => instanceStatus),
    )
    return statuses.every((status) => status === 'ReadyRole')
  }, 'every instance is Ready')
}

function configuration(reserved: string | undefined): string {
  const network =
    reserved === undefined
      ? ''
      : `<NetworkConfiguration><AddressAssignments><ReservedIPs><ReservedIP name="${reserved}"/></ReservedIPs></AddressAssignments></NetworkConfiguration>`
  return `<ServiceConfiguration serviceName="Hello" osFamily="4" osVersion="*" xmlns="${schema}/ServiceConfiguration"><Role name="Worker"><Instances count="1"/></Role>${network}</ServiceConfiguration>`
}

async function uploaded(): Promise<string> {
  const sources = join(house.directory, 'hello')
  mkdirSync(join(sources, 'Worker'), { recursive: true })
  writeFileSync(join(sources, 'Worker', 'server.js'), '// serves\n')
  const definition = join(sources, 'ServiceDefinition.csdef')
  writeFileSync(
    definition,
    `<ServiceDefinition name="Hello" xmlns="${schema}/ServiceDefinition"><WorkerRole name="Worker" vmsize="Small"><Endpoints><InputEndpoint name="Web" protocol="http" port="80"/></Endpoints><Runtime><EntryPoint><ProgramEntryPoint commandLine="node server.js" setReadyOnProcessStart="true"/></EntryPoint></Runtime></WorkerRole></ServiceDefinition>`,
  )
  const out = join(house.directory, 'hello.cspkg')
  const packed = await pack({ definition, roles: {}, sites: {}, out })
  if (!packed.ok) throw new Error(packed.fault.message)
  const blob = blobs.getContainerClient('packages').getBlockBlobClient('hello.cspkg')
  await blob.uploadFile(out)
  return blob.url
}
