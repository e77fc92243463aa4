/** azure-asm-compute, unmodified, against the real RDFE and the real controller: every operation on cloud services that it offers. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { ContainerSASPermissions } from '@azure/storage-blob'
import { pack } from '../../src/machine/package/pack.ts'
import { until } from '../until.ts'
import { asmClient } from './asm-client.ts'
import { startBlobService } from './blob-service.ts'
import { startBalancer, startHost } from './obedient-parties.ts'
import { startHouse } from './real-house.ts'

const { account, client: blobs } = await startBlobService({ after })
const house = await startHouse({ after }, { account, timers: ['settleTime=0'] })
const { services, deployments, systems, certificates, operationStatus } = asmClient(house)
await startHost({ after }, house, 'h0', 0)
await startHost({ after }, house, 'h1', 1)
startBalancer({ after }, house)

const schema = 'http://schemas.microsoft.com/ServiceHosting/2008/10'
const tls = makeTls()
const privateWords = 'a private configuration'
const packages: string[] = []

before(async () => {
  await blobs.getContainerClient('packages').create()
  for (const version of [1, 2]) packages.push(await uploaded(version))
})

test('a cloud service: name, creation, properties, list, change', async () => {
  assert.equal((await services('checkNameAvailability', 'shop'))['isAvailable'], true)
  const created = await services('create', { serviceName: 'shop', label: 'shop', location: 'Reddog' })
  assert.equal((await operationStatus('getOperationStatus', created['requestId']))['status'], 'Succeeded')
  assert.equal((await services('checkNameAvailability', 'SHOP'))['isAvailable'], false)
  await services('update', 'shop', { description: 'sells', extendedProperties: { owner: 'us' } })
  const properties = (await services('get', 'shop'))['properties'] as Record<string, unknown>
  assert.deepEqual([properties['description'], properties['extendedProperties']], ['sells', { owner: 'us' }])
  assert.equal(((await services('list'))['hostedServices'] as unknown[]).length, 1)
  assert.equal(((await systems('list'))['operatingSystems'] as unknown[]).length > 0, true)
  assert.equal(((await systems('listFamilies'))['operatingSystemFamilies'] as unknown[]).length, 7)
})

test('service certificates: add as PFX and as CER, list, get, delete (K-1 to K-3)', async () => {
  const pfx = { data: tls.pfx, certificateFormat: 'pfx', password: 'secret' }
  assert.equal((await certificates('create', 'shop', pfx))['status'], 'Succeeded')
  assert.equal((await certificates('create', 'shop', pfx))['status'], 'Succeeded', 'the same again')
  await certificates('create', 'shop', { data: house.management.der, certificateFormat: 'cer' })
  const { thumbprint: own } = house.management
  const listed = (await certificates('list', 'shop'))['certificates'] as readonly Record<string, string>[]
  assert.deepEqual(new Set(listed.map(({ thumbprint }) => thumbprint)), new Set([tls.thumbprint, own]))
  assert.equal(listed.length, 2)
  assert.ok(
    listed.every(({ certificateUri, thumbprint }) => certificateUri?.endsWith(`/certificates/sha1-${thumbprint}`)),
  )
  const named = { serviceName: 'shop', thumbprintAlgorithm: 'SHA1', thumbprint: own.toLowerCase() }
  // The client makes a text of the bytes.
  assert.equal((await certificates('get', named))['data'], house.management.der.toString())
  assert.equal((await certificates('deleteMethod', named))['status'], 'Succeeded')
  await assert.rejects(certificates('get', named), { statusCode: 404, code: 'ResourceNotFound' })
  await assert.rejects(certificates('create', 'shop', { ...pfx, password: 'wrong' }), { code: 'BadRequest' })
})

test('extensions: what there is to add, add, list, get, delete (11.1 to 11.3)', async () => {
  assert.deepEqual((await services('listAvailableExtensions'))['extensionImages'], [])
  assert.deepEqual((await services('listPublisherExtensions'))['extensionImages'], [])
  assert.deepEqual((await services('listExtensionVersions', 'Microsoft', 'RDP'))['extensionImages'], [])
  for (const id of ['rdp', 'gone']) {
    const added = await services('addExtension', 'shop', {
      id,
      providerNamespace: 'Microsoft.Windows.Azure.Extensions',
      type: 'RDP',
      version: '1.*',
      thumbprint: tls.thumbprint,
      thumbprintAlgorithm: 'sha1',
      publicConfiguration: '<PublicConfig/>',
      privateConfiguration: privateWords,
    })
    assert.equal(added['status'], 'Succeeded')
  }
  assert.equal((await services('deleteExtension', 'shop', 'gone'))['status'], 'Succeeded')
  const [found, ...others] = (await services('listExtensions', 'shop'))['extensions'] as readonly Record<
    string,
    unknown
  >[]
  assert.deepEqual([found?.['id'], found?.['type'], found?.['version'], others], ['rdp', 'RDP', '1.*', []])
  const one = await services('getExtension', 'shop', 'RDP')
  assert.deepEqual([one['publicConfiguration'], one['thumbprint']], ['<PublicConfig/>', tls.thumbprint])
  assert.doesNotMatch(JSON.stringify(one), /private/i)
})

describe('a deployment', () => {
  test('is created with certificate and extension, and everything of it is shown (D-2, D-6)', async () => {
    const ended = await deployments('create', 'shop', 'Production', {
      name: 'v1',
      label: 'v1',
      packageUri: packages[0],
      configuration: configuration(2, 'hi'),
      startDeployment: true,
      treatWarningsAsError: false,
      extensionConfiguration: { allRoles: [{ id: 'rdp', state: 'Enable' }] },
    })
    assert.equal(ended['status'], 'Succeeded')
    await ready(2)
    const found = await deployments('getByName', 'shop', 'v1')
    const shown = found['extensionConfiguration'] as { readonly allRoles: readonly Record<string, unknown>[] }
    assert.deepEqual(shown.allRoles[0]?.['id'], 'rdp')
    assert.equal(((await services('getDetailed', 'shop'))['deployments'] as unknown[]).length, 1)
  })

  test('keeps the certificate and the extension that it uses (K-3, 11.2)', async () => {
    const named = { serviceName: 'shop', thumbprintAlgorithm: 'sha1', thumbprint: tls.thumbprint }
    await assert.rejects(certificates('deleteMethod', named), { statusCode: 409, code: 'ConflictError' })
    await assert.rejects(services('deleteExtension', 'shop', 'rdp'), { statusCode: 409, code: 'ConflictError' })
  })

  for (const [form, place] of [
    ['Slot', 'Production'],
    ['Name', 'v1'],
  ] as const) {
    const count = form === 'Slot' ? 3 : 4

    test(`is scaled and set by its ${form} (D-13)`, async () => {
      const asked = { configuration: configuration(count, form), mode: 'Auto', treatWarningsAsError: false }
      assert.equal((await deployments(`changeConfigurationBy${form}`, 'shop', place, asked))['status'], 'Succeeded')
      await ready(count)
      assert.match(String((await production())['configuration']), new RegExp(`value="${form}"`))
    })

    test(`is upgraded by its ${form}, automatically (D-15)`, async () => {
      const ended = await deployments(`upgradeBy${form}`, 'shop', place, upgrade(count, 'Auto'))
      assert.equal(ended['status'], 'Succeeded')
      assert.equal((await production())['label'], 'Auto')
      await ready(count)
    })

    test(`is walked under the hand, then rolled back, by its ${form} (D-16, D-17)`, async () => {
      await deployments(`upgradeBy${form}`, 'shop', place, upgrade(count, 'Manual'))
      const status = (await production())['upgradeStatus'] as Record<string, unknown>
      assert.deepEqual([status['upgradeType'], status['currentUpgradeDomainState']], ['Manual', 'Before'])
      const walk = `walkUpgradeDomainByDeployment${form}`
      await assert.rejects(deployments(walk, 'shop', place, { upgradeDomain: 1 }), { statusCode: 400 })
      assert.equal((await deployments(walk, 'shop', place, { upgradeDomain: 0 }))['status'], 'Succeeded')
      const during = await production()
      assert.deepEqual([during['rollbackAllowed'], during['label']], [true, 'Manual'])
      const rolled = await deployments(`rollbackUpdateOrUpgradeByDeployment${form}`, 'shop', place, {
        mode: 'Auto',
        force: false,
      })
      // Section 14.
      assert.equal(rolled['statusCode'], form === 'Slot' ? 202 : 200)
      await until(async () => (await operation(rolled['requestId'])) === 'Succeeded', 'the rollback has ended')
      assert.equal((await production())['label'], 'Auto')
      await assert.rejects(
        deployments(`rollbackUpdateOrUpgradeByDeployment${form}`, 'shop', place, { mode: 'Auto', force: false }),
        { statusCode: 409 },
      )
      await ready(count)
    })

    test(`has instances restarted and deleted by its ${form} (D-22, D-23)`, async () => {
      for (const [verb, ...more] of [['reboot'], ['reimage'], ['rebuild', 'allLocalDrives']] as const) {
        const ended = await deployments(`${verb}RoleInstanceByDeployment${form}`, 'shop', place, 'Worker_IN_0', ...more)
        assert.equal(ended['status'], 'Succeeded', verb)
        await ready(count)
      }
      const gone = { name: [`Worker_IN_${count - 1}`] }
      assert.equal(
        (await deployments(`deleteRoleInstanceByDeployment${form}`, 'shop', place, gone))['status'],
        'Succeeded',
      )
      await ready(count - 1)
      assert.match(String((await production())['configuration']), new RegExp(`count="${count - 1}"`))
    })

    test(`is suspended and resumed by its ${form} (D-14)`, async () => {
      for (const status of ['Suspended', 'Running']) {
        const ended = await deployments(`updateStatusByDeployment${form}`, 'shop', place, { status })
        assert.equal(ended['status'], 'Succeeded')
        assert.equal((await production())['status'], status)
      }
      await ready(count - 1)
    })

    test(`tells what was restarted, by its ${form} (D-21)`, async () => {
      const list = form === 'Slot' ? 'listEventsBySlot' : 'listEvents'
      const events = async (from: number, to: number) =>
        (await deployments(list, 'shop', place, new Date(from), new Date(to)))['deploymentEvents'] as readonly Record<
          string,
          unknown
        >[]
      const restarts = await events(Date.now() - 3_600_000, Date.now() + 60_000)
      assert.ok(restarts.length >= 3)
      assert.deepEqual([restarts[0]?.['roleName'], restarts[0]?.['instanceName']], ['Worker', 'Worker_IN_0'])
      assert.ok(restarts.every((restart) => restart['rebootStartTime'] instanceof Date && restart['rebootReason']))
      assert.deepEqual(await events(0, 1_000), [])
    })

    test(`gives its package back by its ${form} (D-20)`, async () => {
      const container = blobs.getContainerClient(`back-${form.toLowerCase()}`)
      await container.create()
      const containerUri =
        form === 'Slot'
          ? container.url
          : await container.generateSasUrl({
              permissions: ContainerSASPermissions.parse('rwl'),
              expiresOn: new Date(Date.now() + 600_000),
            })
      const get = (overwriteExisting: boolean) =>
        deployments(`getPackageBy${form}`, 'shop', place, { containerUri, overwriteExisting })
      assert.equal((await get(false))['status'], 'Succeeded')
      const cspkg = await container.getBlobClient('v1.cspkg').downloadToBuffer()
      assert.deepEqual(cspkg, readFileSync(packageFile(2)))
      const cscfg = await container.getBlobClient('v1.cscfg').downloadToBuffer()
      assert.equal(cscfg.toString(), (await production())['configuration'])
      await assert.rejects(get(false), /ConflictError : The container .* holds a blob v1\.cspkg already/)
      assert.equal((await get(true))['status'], 'Succeeded')
    })
  }

  test('is swapped with the one in staging, and back (D-18)', async () => {
    await deployments('create', 'shop', 'Staging', {
      name: 'v2',
      label: 'v2',
      packageUri: packages[1],
      configuration: configuration(1, 'staged'),
      startDeployment: true,
    })
    await until(async () => (await statuses('Staging')).join() === 'ReadyRole', 'the staged instance is Ready')
    await assert.rejects(swap('v2', 'v1'), { statusCode: 409 })
    assert.equal((await swap('v1', 'v2'))['status'], 'Succeeded')
    assert.equal((await production())['name'], 'v2')
    assert.equal((await swap('v2', 'v1'))['status'], 'Succeeded')
    assert.equal((await production())['name'], 'v1')
  })

  test('leaves no secret in clear in anything that was written (design.md 8)', () => {
    const stored = readdirSync(house.directory).filter((name) => name.startsWith('fabric.db'))
    const all = [...stored, 'audit.jsonl', 'RDFE.log', 'FabricController.log']
      .map((name) => readFileSync(join(house.directory, name), 'latin1'))
      .join()
    assert.match(all, /extension\/|serviceCertificate\//)
    // The end of a private key: its beginning, the modulus, is public.
    for (const secret of [privateWords, tls.key.toString('base64').slice(-128), 'sig=', '<ServiceConfiguration'])
      assert.ok(!all.includes(secret) && !all.includes(Buffer.from(secret).toString('base64')), secret)
  })

  test('is deleted by slot and by name, and with its service', async () => {
    assert.equal((await deployments('deleteBySlot', 'shop', 'Staging'))['status'], 'Succeeded')
    assert.equal((await deployments('deleteByName', 'shop', 'v1', true))['status'], 'Succeeded')
    await assert.rejects(production(), { statusCode: 404 })
    await services('create', { serviceName: 'brief', label: 'brief', location: 'Reddog' })
    await certificates('create', 'brief', { data: tls.pfx, certificateFormat: 'pfx', password: 'secret' })
    await deployments('create', 'brief', 'Production', {
      name: 'v1',
      label: 'v1',
      packageUri: packages[0],
      configuration: configuration(1, 'x'),
      startDeployment: false,
    })
    assert.equal((await services('deleteAll', 'brief'))['status'], 'Succeeded')
    await assert.rejects(services('get', 'brief'), { statusCode: 404 })
    assert.equal((await services('deleteMethod', 'shop'))['statusCode'], 200)
    await assert.rejects(certificates('list', 'shop'), { statusCode: 404 })
  })
})

test('List Subscription Operations tells all of it, and no secret (S-2)', async () => {
  const period = 'StartTime=2020-01-01T00:00:00Z&EndTime=2100-01-01T00:00:00Z'
  const { body } = await house.ask('GET', `/operations?${period}`)
  for (const name of ['AddServiceCertificate', 'UpgradeDeploymentBySlot', 'WalkUpgradeDomainByName', 'SwapDeployment'])
    assert.match(body, new RegExp(`<OperationName>${name}<`))
  assert.match(body, new RegExp(`<Name xmlns="[^"]+">thumbprints</Name><Value xmlns="[^"]+">${tls.thumbprint}<`))
  assert.doesNotMatch(body, /[?&]sig=|secret|PrivateConfig/)
  const failed = await house.ask('GET', `/operations?${period}&OperationResultFilter=Failed`)
  assert.match(failed.body, /GetPackageBySlot/)
  assert.doesNotMatch(failed.body, /<Status>Succeeded/)
})

const production = () => deployments('getBySlot', 'shop', 'Production')
const swap = (productionDeployment: string, sourceDeployment: string) =>
  deployments('swap', 'shop', { productionDeployment, sourceDeployment })

async function operation(id: unknown): Promise<unknown> {
  return (await operationStatus('getOperationStatus', id))['status']
}

async function statuses(slot: string): Promise<readonly unknown[]> {
  const found = await deployments('getBySlot', 'shop', slot)
  return (found['roleInstances'] as readonly Record<string, unknown>[]).map((instance) => instance['instanceStatus'])
}

/** Waits until the production deployment has that many instances, all Ready. */
function ready(count: number): Promise<void> {
  const wanted = Array.from({ length: count }, () => 'ReadyRole').join()
  return until(async () => (await statuses('Production')).join() === wanted, `${count} instances are Ready`)
}

function upgrade(count: number, mode: string) {
  return { mode, packageUri: packages[1], configuration: configuration(count, mode), label: mode, force: false }
}

function configuration(instances: number, greeting: string): string {
  return `<ServiceConfiguration serviceName="Hello" xmlns="${schema}/ServiceConfiguration"><Role name="Worker"><Instances count="${instances}"/><ConfigurationSettings><Setting name="Greeting" value="${greeting}"/></ConfigurationSettings><Certificates><Certificate name="Tls" thumbprint="${tls.thumbprint}" thumbprintAlgorithm="sha1"/></Certificates></Role></ServiceConfiguration>`
}

function packageFile(version: number): string {
  return join(house.directory, `hello-${version}.cspkg`)
}

/** A package with one worker role behind an http endpoint, in Blob storage; its address. */
async function uploaded(version: number): Promise<string> {
  const sources = join(house.directory, `hello-${version}`)
  mkdirSync(join(sources, 'Worker'), { recursive: true })
  writeFileSync(join(sources, 'Worker', 'server.js'), `// version ${version}\n`)
  const definition = join(sources, 'ServiceDefinition.csdef')
  writeFileSync(
    definition,
    `<ServiceDefinition name="Hello" xmlns="${schema}/ServiceDefinition"><WorkerRole name="Worker" vmsize="Small"><ConfigurationSettings><Setting name="Greeting"/></ConfigurationSettings><Certificates><Certificate name="Tls" storeLocation="LocalMachine" storeName="My"/></Certificates><Endpoints><InputEndpoint name="Web" protocol="http" port="80"/></Endpoints><Runtime><EntryPoint><ProgramEntryPoint commandLine="node server.js" setReadyOnProcessStart="true"/></EntryPoint></Runtime></WorkerRole></ServiceDefinition>`,
  )
  const packed = await pack({ definition, roles: {}, sites: {}, out: packageFile(version) })
  if (!packed.ok) throw new Error(packed.fault.message)
  const blob = blobs.getContainerClient('packages').getBlockBlobClient(`hello-${version}.cspkg`)
  await blob.uploadFile(packageFile(version))
  return blob.url
}

/** A certificate with its key as a user has it: a PFX file with a password. */
function makeTls() {
  const file = (name: string) => join(house.directory, name)
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    file('tls.key'),
    '-out',
    file('tls.pem'),
    '-subj',
    '/CN=shop',
  )
  openssl(
    'pkcs12',
    '-export',
    '-inkey',
    file('tls.key'),
    '-in',
    file('tls.pem'),
    '-out',
    file('tls.pfx'),
    '-passout',
    'pass:secret',
  )
  const fingerprint = openssl('x509', '-in', file('tls.pem'), '-noout', '-fingerprint', '-sha1').toString()
  return {
    pfx: readFileSync(file('tls.pfx')),
    key: openssl('pkcs8', '-topk8', '-nocrypt', '-in', file('tls.key'), '-outform', 'DER'),
    thumbprint: fingerprint.replace(/^.*=/, '').replace(/[:\s]/g, ''),
  }
}
