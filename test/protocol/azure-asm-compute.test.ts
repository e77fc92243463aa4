import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { asmClient } from './asm-client.ts'
import { startFrontEnd } from './front-end-process.ts'
import { deploymentView, newYear, recordOf, type Script, serviceView } from './scripted-controller.ts'

const script: Script = { views: {}, commands: [] }
const house = await startFrontEnd({ after }, script)
const { services, deployments, systems, operationStatus } = asmClient(house)

// The fabric of this script has carried out every command that it was given.
script.views.operation = ({ id }) => {
  const envelope = script.commands.find(({ requestId }) => requestId === id)
  return envelope ? recordOf(envelope) : null
}

test('azure-asm-compute, unmodified, asks for a name and creates a cloud service', async () => {
  script.views.nameTaken = () => false
  const available = await services('checkNameAvailability', 'shop')
  assert.equal(available['isAvailable'], true)
  const created = await services('create', {
    serviceName: 'shop',
    label: 'the shop',
    description: 'Sells & buys',
    location: 'Reddog',
    extendedProperties: { owner: 'us' },
  })
  assert.equal(created['statusCode'], 201)
  assert.match(String(created['requestId']), /^[0-9a-f]{32}$/)
  assert.deepEqual(script.commands.at(-1)?.command, {
    kind: 'createService',
    service: 'shop',
    label: Buffer.from('the shop').toString('base64'),
    description: 'Sells & buys',
    location: 'Reddog',
    extendedProperties: { owner: 'us' },
  })
})

test('azure-asm-compute creates a deployment and follows the operation to its end', async () => {
  const ended = await deployments('create', 'shop', 'Production', {
    name: 'v1',
    label: 'v1',
    packageUri: 'http://127.0.0.1:10000/packages/p/shop.cspkg?sv=1&sig=x%2By',
    configuration: '<ServiceConfiguration/>',
    startDeployment: true,
    treatWarningsAsError: false,
  })
  assert.equal(ended['status'], 'Succeeded')
  assert.equal(Number(ended['httpStatusCode']), 200)
  assert.deepEqual(script.commands.at(-1)?.command, {
    kind: 'createDeployment',
    service: 'shop',
    slot: 'Production',
    name: 'v1',
    label: 'djE=',
    packageUrl: 'http://127.0.0.1:10000/packages/p/shop.cspkg?sv=1&sig=x%2By',
    configuration: '<ServiceConfiguration/>',
    start: true,
    treatWarningsAsError: false,
    extendedProperties: {},
  })
})

test('azure-asm-compute reads the deployment by slot and by name, and the service with it', async () => {
  script.views.service = () => serviceView({ deployments: [deploymentView()], extendedProperties: { owner: 'us' } })
  script.views.services = () => [serviceView()]
  for (const found of [
    await deployments('getBySlot', 'shop', 'Production'),
    await deployments('getByName', 'shop', 'v1'),
  ]) {
    assert.equal(found['status'], 'Running')
    assert.equal(found['configuration'], '<ServiceConfiguration/>')
    assert.deepEqual(found['createdTime'], new Date(newYear))
    const [instance] = found['roleInstances'] as readonly Record<string, unknown>[]
    assert.equal(instance?.['instanceName'], 'Web_IN_0')
    assert.equal(instance?.['instanceStatus'], 'RoleStateUnknown')
    assert.equal(instance?.['powerState'], 'Starting')
    const [endpoint] = (instance?.['instanceEndpoints'] ?? []) as readonly Record<string, unknown>[]
    assert.equal(endpoint?.['port'] ?? endpoint?.['publicPort'], 80)
    const [address] = found['virtualIPAddresses'] as readonly Record<string, unknown>[]
    assert.equal(address?.['address'], '192.0.2.7')
    assert.equal(address?.['isDnsProgrammed'], true)
  }
  const detailed = await services('getDetailed', 'shop')
  assert.equal((detailed['deployments'] as readonly unknown[]).length, 1)
  assert.deepEqual((detailed['properties'] as Record<string, unknown>)['extendedProperties'], { owner: 'us' })
  const plain = await services('get', 'shop')
  assert.equal((plain['properties'] as Record<string, unknown>)['label'], 'shop')
  const listed = await services('list')
  const [first] = listed['hostedServices'] as readonly Record<string, Record<string, readonly string[]>>[]
  assert.ok(first?.['computeCapabilities']?.['webWorkerRoleSizes']?.includes('Small'))
})

test('azure-asm-compute suspends, reboots, reimages, rebuilds and deletes, each to its end', async () => {
  const status = { status: 'Suspended' }
  assert.equal((await deployments('updateStatusByDeploymentSlot', 'shop', 'Production', status))['status'], 'Succeeded')
  assert.equal((await deployments('updateStatusByDeploymentName', 'shop', 'v1', status))['status'], 'Succeeded')
  for (const [verb, ...more] of [['reboot'], ['reimage'], ['rebuild', 'allLocalDrives']] as const) {
    const ended = await deployments(`${verb}RoleInstanceByDeploymentSlot`, 'shop', 'Production', 'Web_IN_0', ...more)
    assert.equal(ended['status'], 'Succeeded')
    assert.equal(script.commands.at(-1)?.command.kind, `${verb}Instance`)
  }
  assert.equal((await deployments('deleteBySlot', 'shop', 'Production'))['status'], 'Succeeded')
  assert.equal((await deployments('deleteByName', 'shop', 'v1', true))['status'], 'Succeeded')
  assert.equal((await services('deleteMethod', 'shop'))['statusCode'], 200)
  assert.equal((await services('deleteAll', 'shop'))['status'], 'Succeeded')
  assert.deepEqual(script.commands.at(-1)?.command, { kind: 'deleteService', service: 'shop', withDeployments: true })
})

test('azure-asm-compute lists operating systems, families and the extensions that there are not', async () => {
  const listed = (await systems('list'))['operatingSystems'] as readonly Record<string, unknown>[]
  assert.equal(listed.filter(({ isDefault }) => isDefault).length, 7)
  const families = (await systems('listFamilies'))['operatingSystemFamilies'] as readonly Record<string, unknown>[]
  assert.deepEqual(families.map(({ label }) => label)[3], 'Windows Server 2012 R2')
  assert.deepEqual((await services('listAvailableExtensions'))['extensionImages'], [])
  script.views.extensions = () => []
  assert.deepEqual((await services('listExtensions', 'shop'))['extensions'], [])
})

test('azure-asm-compute gets code and sentence of what is refused', async () => {
  script.views.service = () => null
  await assert.rejects(services('get', 'nothing'), {
    statusCode: 404,
    code: 'ResourceNotFound',
    message: /The hosted service does not exist\./,
  })
  await assert.rejects(services('create', { serviceName: 'shop', label: 'x', location: 'Atlantis' }), {
    code: 'BadRequest',
  })
  await assert.rejects(operationStatus('getOperationStatus', '0'.repeat(32)), { statusCode: 404 })
})
