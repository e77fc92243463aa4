import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Views } from '../../src/fabric/contract/views.ts'
import { base64OfText } from '../../src/front-end/contract/base64.ts'
import { errorDocument } from '../../src/front-end/contract/wire/error.ts'
import { selfSignedCertificate } from '../../src/machine/certificates/authority.ts'
import { type Answered, certificateOf, startFrontEnd, subscriptionId } from './front-end-process.ts'
import { deploymentView, newYear, recordOf, type Script, serviceView } from './scripted-controller.ts'

const script: Script = { views: {}, commands: [] }
const house = await startFrontEnd({ after }, script)
const { subscriptions } = script.views

const namespace = 'http://schemas.microsoft.com/windowsazure'
const head = `xmlns="${namespace}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"`
const services = '/services/hostedservices'
const production = `${services}/shop/deploymentslots/production`

beforeEach(() => {
  script.commands.length = 0
  script.refuse = undefined
  script.views = { subscriptions }
})

const stranger = selfSignedCertificate('stranger')
for (const [who, path, certificate] of [
  ['without a certificate', '/locations', undefined],
  ['with an unknown certificate', '/locations', stranger],
  ['of another subscription', '//00000000-0000-0000-0000-0000000000bb/locations', house.management],
] as const)
  test(`A caller ${who} gets an HTTP answer that gives nothing away (R-1, R-4)`, async () => {
    const answer = await house.ask('GET', path, { certificate })
    assert.equal(answer.status, 403)
    assert.equal(
      answer.body,
      `<Error ${head}><Code>ForbiddenError</Code><Message>The server failed to authenticate the request. Verify that the certificate is valid and is associated with this subscription.</Message></Error>`,
    )
    assert.match(String(answer.headers['x-ms-request-id']), /^[0-9a-f]{32}$/)
  })

test('Identity is checked before the version, the version before the path, the path before the body (R-5)', async () => {
  const nothing = { 'x-ms-version': '' }
  assertFault(await house.ask('POST', '/nowhere', { certificate: stranger, headers: nothing }), 403, 'ForbiddenError')
  assertFault(await house.ask('POST', '/nowhere', { headers: nothing }), 400, 'MissingOrIncorrectVersionHeader')
  assertFault(await house.ask('POST', '/nowhere', { body: '<' }), 404, 'ResourceNotFound')
  assertFault(await house.ask('POST', services, { body: '<' }), 400, 'InvalidXmlRequest')
  assert.deepEqual(script.commands, [])
})

test('A path whose encoding is broken says where; a subscription with a broken one is nobody (R-8)', async () => {
  for (const path of ['/%zz', `${services}/%zz`, `${services}/shop/deployments/%e0%a4`])
    assertFault(await house.ask('GET', path), 400, 'BadRequest', /The part "%(zz|e0%a4)" of the path/)
  assertFault(await house.ask('GET', '//%zz/locations'), 403, 'ForbiddenError')
})

for (const [version, status] of [
  ['2014-10-01', 200],
  ['2017-01-01', 200],
  ['2099-12-31', 200],
  ['2009-10-01', 200],
  ['2009-09-30', 400],
  ['2014-13-01', 400],
  ['2014-02-30', 400],
  ['2016-02-29', 200],
  ['2014-1-1', 400],
  ['latest', 400],
] as const)
  test(`x-ms-version ${version} gets ${status} (R-12, R-13)`, async () => {
    assert.equal((await house.ask('GET', '/locations', { headers: { 'x-ms-version': version } })).status, status)
  })

test('An operation that is newer than the stated version is refused by naming both (R-14)', async () => {
  const answer = await house.ask('DELETE', `${services}/shop?comp=media`, { headers: { 'x-ms-version': '2012-03-01' } })
  assertFault(answer, 400, 'MissingOrIncorrectVersionHeader', /came with version 2013-08-01.*says 2012-03-01/)
})

test('Every answer says which request it was, and from where; without a body its length is 0 (R-25, R-26)', async () => {
  const read = await house.ask('GET', '/locations')
  assert.equal(read.headers['content-type'], 'application/xml; charset=utf-8')
  const changed = await house.ask('DELETE', production)
  assert.equal(changed.status, 202)
  assert.equal(changed.body, '')
  assert.equal(changed.headers['content-length'], '0')
  assert.equal(changed.headers['content-type'], undefined)
  for (const { headers } of [read, changed]) {
    assert.match(String(headers['x-ms-request-id']), /^[0-9a-f]{32}$/)
    assert.equal(headers['x-ms-servedbyregion'], 'reddog')
    assert.equal(headers['cache-control'], 'no-cache')
    assert.match(String(headers['strict-transport-security']), /max-age=31536000; includeSubDomains/)
    assert.ok(headers['date'])
  }
  assert.notEqual(read.headers['x-ms-request-id'], changed.headers['x-ms-request-id'])
})

const create = `<CreateHostedService xmlns="${namespace}"><ServiceName>Shop</ServiceName><Label>c2hvcA==</Label><Location>anywhere us</Location></CreateHostedService>`

test('Create Cloud Service answers 201 with the place of the service, and its ID is that of the operation (C-1, R-30, O-4)', async () => {
  const answer = await house.ask('POST', services, { body: create })
  assert.equal(answer.status, 201)
  assert.equal(
    answer.headers['location'],
    `https://127.0.0.1:${house.port}/subscriptions/${subscriptionId}/compute/Shop`,
  )
  assert.deepEqual(script.commands, [
    {
      requestId: answer.headers['x-ms-request-id'],
      subscriptionId,
      operationName: 'CreateHostedService',
      objectId: `/${subscriptionId}/services/hostedservices/Shop`,
      caller: { thumbprint: house.management.thumbprint, clientAddress: '127.0.0.1' },
      parameters: {
        subscriptionID: subscriptionId,
        serviceName: 'Shop',
        label: 'c2hvcA==',
        location: 'Anywhere US',
      },
      command: {
        kind: 'createService',
        service: 'Shop',
        label: 'c2hvcA==',
        location: 'Anywhere US',
        extendedProperties: {},
      },
    },
  ])
})

for (const [what, change, message] of [
  [
    'a name that is no DNS label',
    ['<ServiceName>Shop<', '<ServiceName>-shop<'],
    /The hosted service name is invalid\./,
  ],
  ['an unknown location', ['anywhere us', 'Atlantis'], /"Atlantis" is not known here. Locations: Reddog, Anywhere US/],
  ['neither place nor group', ['<Location>anywhere us</Location>', ''], /exactly one of Location and AffinityGroup/],
  ['place and group', ['</Location>', '</Location><AffinityGroup>g</AffinityGroup>'], /exactly one/],
  ['a label that is no Base64', ['c2hvcA==', '*'], /The label is invalid/],
  ['a label of nothing', ['c2hvcA==', ''], /The label is invalid/],
  ['no label', ['<Label>c2hvcA==</Label>', ''], /CreateHostedService has no Label/],
  [
    'a property given twice',
    [
      '</Label>',
      `</Label><ExtendedProperties>${'<ExtendedProperty><Name>a</Name><Value>1</Value></ExtendedProperty>'.repeat(2)}</ExtendedProperties>`,
    ],
    /property a is given twice/,
  ],
] as const)
  test(`Create Cloud Service with ${what} is refused and leaves no trace (C-1, R-24, E-2)`, async () => {
    const answer = await house.ask('POST', services, { body: create.replaceAll(change[0], change[1]) })
    assertFault(answer, 400, 'BadRequest', message)
    assert.deepEqual(script.commands, [])
  })

test('Elements of a cloud service that are newer than the stated version are ignored (R-14)', async () => {
  const newer =
    '<ExtendedProperties><ExtendedProperty><Name>a</Name><Value>1</Value></ExtendedProperty></ExtendedProperties><ReverseDnsFqdn>shop.example.</ReverseDnsFqdn>'
  const update = `<UpdateHostedService xmlns="${namespace}"><Label>bA==</Label>${newer}</UpdateHostedService>`
  for (const [version, known] of [
    ['2010-10-28', { extendedProperties: {} }],
    ['2012-03-01', { extendedProperties: { a: '1' } }],
    ['2014-06-01', { extendedProperties: { a: '1' }, reverseDnsFqdn: 'shop.example.' }],
  ] as const) {
    script.commands.length = 0
    const headers = { 'x-ms-version': version }
    await house.ask('POST', services, { headers, body: create.replace('</Label>', `</Label>${newer}`) })
    await house.ask('PUT', `${services}/shop`, { headers, body: update })
    const [created, updated] = script.commands.map(({ command }) => command)
    const label = 'c2hvcA=='
    assert.deepEqual(created, { kind: 'createService', service: 'Shop', label, location: 'Anywhere US', ...known })
    assert.deepEqual(updated, { kind: 'updateService', service: 'shop', label: 'bA==', ...known })
  }
})

test('A refusal of the fabric reaches the caller word for word (section 6)', async () => {
  script.refuse = () => ({ code: 'ConflictError', message: 'The specified DNS name is already taken.' })
  assertFault(
    await house.ask('POST', services, { body: create }),
    409,
    'ConflictError',
    /^The specified DNS name is already taken\.$/,
  )
})

const configuration = '<?xml version="1.0" encoding="utf-16"?><ServiceConfiguration serviceName="Ünser"/>'
const createDeployment = `<CreateDeployment xmlns="${namespace}"><Configuration>${Buffer.from(`\uFEFF${configuration}`, 'utf16le').toString('base64')}</Configuration><Label>djE=</Label><StartDeployment>1</StartDeployment><Name>v1</Name><PackageUrl>http://127.0.0.1:10000/packages/p/shop.cspkg?sv=1&sig=x%2By</PackageUrl><ExtensionConfiguration><NamedRoles/></ExtensionConfiguration></CreateDeployment>`

test('Create Deployment answers 202 and hands the decoded configuration, which says that it is UTF-8, to the fabric (D-2, D-6, O-1, R-16, R-17, R-23)', async () => {
  const answer = await house.ask('POST', `${services}/shop/deploymentslots/Staging`, { body: createDeployment })
  assert.equal(answer.status, 202)
  assert.equal(script.commands[0]?.operationName, 'CreateDeploymentBySlot')
  assert.equal(script.commands[0]?.objectId, `/${subscriptionId}/services/hostedservices/shop/deploymentslots/Staging`)
  assert.deepEqual(script.commands[0]?.command, {
    kind: 'createDeployment',
    service: 'shop',
    slot: 'Staging',
    name: 'v1',
    label: 'djE=',
    packageUrl: 'http://127.0.0.1:10000/packages/p/shop.cspkg?sv=1&sig=x%2By',
    configuration: configuration.replace('utf-16', 'utf-8'),
    start: true,
    treatWarningsAsError: false,
    extendedProperties: {},
    extensions: { allRoles: [], namedRoles: [] },
  })
})

test('The state of an extension came with 2014-06-01; before, each is enabled (R-14)', async () => {
  const named =
    '<NamedRoles><Role><RoleName>Web</RoleName><Extensions><Extension><Id>rdp</Id><State>Disable</State></Extension></Extensions></Role></NamedRoles>'
  for (const [version, state] of [
    ['2013-03-01', 'Enable'],
    ['2014-06-01', 'Disable'],
  ] as const) {
    script.commands.length = 0
    const body = createDeployment.replace('<NamedRoles/>', named)
    await house.ask('POST', production, { headers: { 'x-ms-version': version }, body })
    const command = script.commands[0]?.command
    assert.deepEqual(command?.kind === 'createDeployment' && command.extensions?.namedRoles, [
      { role: 'Web', extensions: [{ id: 'rdp', state }] },
    ])
  }
})

for (const [what, change, message] of [
  ['a name with a slash', ['<Name>v1', '<Name>v/1'], /deployment name is invalid/],
  ['a package on this machine', ['http://127.0.0.1:10000', 'file:///etc'], /is no http or https address/],
  ['a package on a share', ['http://127.0.0.1:10000', '\\\\server\\share'], /is no http or https address/],
  ['a start that is neither', ['<StartDeployment>1', '<StartDeployment>maybe'], /StartDeployment holds "maybe"/],
  ['a configuration that is no Base64', ['<Configuration>', '<Configuration>***'], /Configuration is not Base64/],
] as const)
  test(`Create Deployment with ${what} is refused (D-3, B-1)`, async () => {
    assertFault(
      await house.ask('POST', production, { body: createDeployment.replace(change[0], change[1]) }),
      400,
      'BadRequest',
      message,
    )
    assert.deepEqual(script.commands, [])
  })

const suspend = `<UpdateDeploymentStatus xmlns="${namespace}"><Status>suspended</Status></UpdateDeploymentStatus>`
for (const [method, path, body, operationName, command] of [
  [
    'POST',
    `${production}/?comp=status`,
    suspend,
    'UpdateDeploymentStatusBySlot',
    { kind: 'updateDeploymentStatus', deployment: { service: 'shop', slot: 'Production' }, status: 'Suspended' },
  ],
  [
    'POST',
    `${services}/shop/deployments/v1?comp=status`,
    suspend,
    'UpdateDeploymentStatusByName',
    { kind: 'updateDeploymentStatus', deployment: { service: 'shop', name: 'v1' }, status: 'Suspended' },
  ],
  [
    'DELETE',
    production,
    '',
    'DeleteDeploymentBySlot',
    { kind: 'deleteDeployment', deployment: { service: 'shop', slot: 'Production' } },
  ],
  [
    'DELETE',
    `${services}/shop/deployments/v1?comp=media`,
    '',
    'DeleteDeploymentByName',
    { kind: 'deleteDeployment', deployment: { service: 'shop', name: 'v1' } },
  ],
  [
    'DELETE',
    `${services}/shop?comp=media`,
    '',
    'DeleteHostedService',
    { kind: 'deleteService', service: 'shop', withDeployments: true },
  ],
  [
    'POST',
    `${production}/roleinstances/Web_IN_0?comp=reboot`,
    'ignored',
    'RebootRoleInstanceBySlot',
    { kind: 'rebootInstance', deployment: { service: 'shop', slot: 'Production' }, instance: 'Web_IN_0' },
  ],
  [
    'POST',
    `${services}/shop/deployments/v1/roleinstances/Web_IN_0?comp=reimage`,
    '',
    'ReimageRoleInstanceByName',
    { kind: 'reimageInstance', deployment: { service: 'shop', name: 'v1' }, instance: 'Web_IN_0' },
  ],
  [
    'POST',
    `${production}/roleinstances/Web_IN_0?comp=rebuild&resources=AllLocalDrives`,
    '',
    'RebuildRoleInstanceBySlot',
    { kind: 'rebuildInstance', deployment: { service: 'shop', slot: 'Production' }, instance: 'Web_IN_0' },
  ],
] as const)
  test(`${method} ${path} is ${operationName} for the fabric (section 9, S-2)`, async () => {
    const answer = await house.ask(method, path, { body })
    assert.equal(answer.status, 202, answer.body)
    assert.equal(script.commands[0]?.operationName, operationName)
    assert.deepEqual(script.commands[0]?.command, command)
  })

test('Rebuild must say what is to be made anew (D-22)', async () => {
  const answer = await house.ask('POST', `${production}/roleinstances/Web_IN_0?comp=rebuild`)
  assertFault(answer, 400, 'MissingOrInvalidRequiredQueryParameter', /resources is missing. Use allLocalDrives/)
})

test('Delete and update of a service succeed with 200 and no body (C-2, C-5)', async () => {
  const update = `<UpdateHostedService xmlns="${namespace}"><Description/><ExtendedProperties><ExtendedProperty><Name>a</Name><Value i:nil="true" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"/></ExtendedProperty></ExtendedProperties></UpdateHostedService>`
  assert.equal((await house.ask('PUT', `${services}/shop`, { body: update })).status, 200)
  const name = `<UpdateHostedService xmlns="${namespace}"><ReverseDnsFqdn>shop.example.</ReverseDnsFqdn></UpdateHostedService>`
  assert.equal(
    (await house.ask('PUT', `${services}/shop`, { body: name, headers: { 'x-ms-version': '2014-06-01' } })).status,
    200,
  )
  assert.equal((await house.ask('DELETE', `${services}/shop`)).status, 200)
  assert.deepEqual(
    script.commands.map(({ command }) => command),
    [
      { kind: 'updateService', service: 'shop', description: '', extendedProperties: { a: null } },
      { kind: 'updateService', service: 'shop', reverseDnsFqdn: 'shop.example.', extendedProperties: {} },
      { kind: 'deleteService', service: 'shop', withDeployments: false },
    ],
  )
  const empty = `<UpdateHostedService xmlns="${namespace}"/>`
  assertFault(await house.ask('PUT', `${services}/shop`, { body: empty }), 400, 'BadRequest', /at least one of Label/)
})

test('Deployments of virtual machines are not offered, and resource providers are unknown (D-1, section 13)', async () => {
  const machines = await house.ask('POST', `${services}/shop/deployments`)
  assertFault(machines, 400, 'BadRequest', /virtual machines are not offered/)
  const provider = await house.ask('PUT', '/services?service=x&action=register')
  assertFault(provider, 404, 'ResourceNotFound', /^The service name is unknown\.$/)
})

test('A body of another kind, or too large, is not taken (R-20, R-22)', async () => {
  const json = { 'content-type': 'application/json; charset=utf-8' }
  assertFault(await house.ask('POST', services, { headers: json, body: create }), 400, 'InvalidContentType')
  const atom = { 'content-type': 'application/atom+xml;type=entry;charset=utf-8' }
  assert.equal((await house.ask('POST', services, { headers: atom, body: create })).status, 201)
  for (const coding of ['gzip', 'br', 'identity, deflate'])
    assertFault(
      await house.ask('POST', services, { headers: { 'content-encoding': coding }, body: create }),
      415,
      'UnsupportedMediaType',
      new RegExp(`Content-Encoding "${coding}"`),
    )
  const identity = { 'content-encoding': ' Identity ' }
  assert.equal((await house.ask('POST', services, { headers: identity, body: create })).status, 201)
  for (const [body, said] of [
    [gzipSync(create), /not UTF-8 but compressed by gzip/],
    [Buffer.from(`\ufeff${create}`, 'utf16le'), /not UTF-8 but UTF-16, by its byte order mark/],
    [Buffer.from('<\u00e9/>', 'latin1'), /The body is not UTF-8\. Send UTF-8\./],
    ['', /has no body/],
  ] as const)
    assertFault(await house.ask('POST', services, { body }), 400, 'InvalidXmlRequest', said)
  assert.equal((await house.ask('POST', services, { body: `\ufeff${create}` })).status, 201)
  const large = await house.ask('POST', services, { body: Buffer.alloc(10 * 1024 * 1024 + 1, 0x20) })
  assertFault(large, 413, 'RequestEntityTooLarge', /larger than 10 MiB/)
})

test('Chunked bodies, Expect: 100-continue and Connection: close all work (R-6)', async () => {
  for (const headers of [{ 'transfer-encoding': 'chunked' }, { expect: '100-continue' }, { connection: 'close' }])
    assert.equal((await house.ask('POST', services, { headers, body: create })).status, 201)
})

test('Get Deployment is exactly what the specification shows (D-6, D-7, D-9, section 15)', async () => {
  script.views.service = () => serviceView({ deployments: [deploymentView()] })
  const answer = await house.ask('GET', production)
  assert.equal(answer.status, 200)
  assert.equal(
    answer.body,
    `<Deployment ${head}><Name>v1</Name><DeploymentSlot>Production</DeploymentSlot><PrivateID>${'9f'.repeat(16)}</PrivateID><Status>Running</Status><Label>djE=</Label><Url>http://shop.example/</Url><Configuration>${base64OfText('<ServiceConfiguration/>')}</Configuration><RoleInstanceList><RoleInstance><RoleName>Web</RoleName><InstanceName>Web_IN_0</InstanceName><InstanceStatus>RoleStateUnknown</InstanceStatus><InstanceUpgradeDomain>0</InstanceUpgradeDomain><InstanceFaultDomain>0</InstanceFaultDomain><InstanceSize>Small</InstanceSize><InstanceStateDetails/><IpAddress>10.0.0.4</IpAddress><InstanceEndpoints><InstanceEndpoint><Name>Http</Name><Vip>192.0.2.7</Vip><PublicPort>80</PublicPort><LocalPort>80</LocalPort><Protocol>http</Protocol></InstanceEndpoint></InstanceEndpoints><PowerState>Starting</PowerState></RoleInstance></RoleInstanceList><UpgradeDomainCount>2</UpgradeDomainCount><RoleList><Role><RoleName>Web</RoleName><OsVersion>WA-GUEST-OS-4.1_202401-01</OsVersion><ConfigurationSets><ConfigurationSet i:type="NetworkConfigurationSet"><ConfigurationSetType>NetworkConfiguration</ConfigurationSetType><InputEndpoints><InputEndpoint><Port>80</Port><Protocol>http</Protocol><Vip>192.0.2.7</Vip><VirtualIPName>ShopContractContract</VirtualIPName></InputEndpoint></InputEndpoints><SubnetNames/></ConfigurationSet></ConfigurationSets></Role></RoleList><SdkVersion>2.9.6496.2</SdkVersion><Locked>false</Locked><RollbackAllowed>false</RollbackAllowed><CreatedTime>2026-01-01T00:00:00Z</CreatedTime><LastModifiedTime>2026-01-01T00:00:41Z</LastModifiedTime><ExtendedProperties/><VirtualIPs><VirtualIP><Address>192.0.2.7</Address><IsDnsProgrammed>true</IsDnsProgrammed><Name>ShopContractContract</Name></VirtualIP></VirtualIPs><LoadBalancers/></Deployment>`,
  )
})

test('By name, in any case, it is the same deployment; another name and the other slot are 404 (R-7, D-1)', async () => {
  script.views.service = () => serviceView({ deployments: [deploymentView()] })
  const bySlot = await house.ask('GET', production)
  assert.equal((await house.ask('GET', `${services}/SHOP/Deployments/V1/`)).body, bySlot.body)
  for (const path of [`${services}/shop/deployments/v2`, `${services}/shop/deploymentslots/staging`])
    assertFault(await house.ask('GET', path), 404, 'ResourceNotFound', /^No deployments were found\.$/)
  script.views.service = () => null
  assertFault(await house.ask('GET', production), 404, 'ResourceNotFound', /^The hosted service does not exist\.$/)
})

test('While Deploying there is nothing to tell yet (D-10)', async () => {
  script.views.service = () =>
    serviceView({ deployments: [deploymentView({ deploying: true, status: 'Deploying', locked: true })] })
  const { body } = await house.ask('GET', production)
  assert.equal(
    body,
    `<Deployment ${head}><Name>v1</Name><DeploymentSlot>Production</DeploymentSlot><PrivateID>${'9f'.repeat(16)}</PrivateID><Status>Deploying</Status><Label>djE=</Label><RoleInstanceList/><RoleList/><SdkVersion/><Locked>true</Locked><RollbackAllowed>false</RollbackAllowed><CreatedTime>2026-01-01T00:00:00Z</CreatedTime><LastModifiedTime>2026-01-01T00:00:41Z</LastModifiedTime><ExtendedProperties/><VirtualIPs/><LoadBalancers/></Deployment>`,
  )
})

test('Old versions get the old words and elements (T-4, D-12, R-14)', async () => {
  script.views.service = () => serviceView({ deployments: [deploymentView()] })
  const at = async (version: string) =>
    (await house.ask('GET', production, { headers: { 'x-ms-version': version } })).body
  const old = await at('2011-08-01')
  assert.match(old, /<InstanceStatus>Unresponsive</)
  assert.doesNotMatch(old, /Locked|RollbackAllowed/)
  assert.match(
    old,
    /<\/RoleList><InputEndpointList><InputEndpoint><RoleName>Web<\/RoleName><Vip>192.0.2.7<\/Vip><Port>80</,
  )
  const middle = await at('2011-10-01')
  assert.match(middle, /<InstanceStatus>RoleStateUnknown<.*InputEndpointList.*<Locked>/)
  assert.doesNotMatch(await at('2012-03-01'), /InputEndpointList/)
})

test('A deployment without endpoints has the address name of the original, and no lists for them (D-6, D-7, D-9)', async () => {
  const [instance] = deploymentView().instances
  const deployment = deploymentView({
    instances: [
      { ...(instance as NonNullable<typeof instance>), endpoints: [], details: 'Starting role...', errorCode: 'Crash' },
    ],
    roles: [{ name: 'Web', osVersion: 'WA-GUEST-OS-4.1_202401-01', inputEndpoints: [] }],
    upgrade: {
      type: 'Manual',
      domainState: 'Before',
      domain: 0,
      kind: 'upgrade',
      domains: 2,
      target: 2,
      onFailure: 'hold',
      waitsFor: 'the walk',
    },
  })
  script.views.service = () => serviceView({ deployments: [deployment] })
  const { body } = await house.ask('GET', production)
  assert.match(body, /<Name>__PseudoBackEndContractVip</)
  assert.doesNotMatch(body, /InputEndpoints|InstanceEndpoints/)
  assert.match(
    body,
    /<InstanceStateDetails>Starting role...<\/InstanceStateDetails><InstanceErrorCode>Crash<\/InstanceErrorCode><IpAddress>/,
  )
  assert.match(
    body,
    /<\/RoleInstanceList><UpgradeStatus><UpgradeType>Manual<\/UpgradeType><CurrentUpgradeDomainState>Before<\/CurrentUpgradeDomainState><CurrentUpgradeDomain>0<\/CurrentUpgradeDomain><\/UpgradeStatus><UpgradeDomainCount>/,
  )
})

test('Get Cloud Service Properties shows deployments only when they are asked for (C-3, R-11)', async () => {
  script.views.service = () => serviceView({ extendedProperties: { a: '1' }, description: 'd' })
  const plain = await house.ask('GET', `${services}/shop`)
  assert.equal(
    plain.body,
    `<HostedService ${head}><Url>https://127.0.0.1:${house.port}/${subscriptionId}/services/hostedservices/Shop</Url><ServiceName>Shop</ServiceName><HostedServiceProperties><Description>d</Description><Location>Reddog</Location><Label>c2hvcA==</Label><Status>Created</Status><DateCreated>2026-01-01T00:00:00Z</DateCreated><DateLastModified>2026-01-01T00:00:41Z</DateLastModified><ExtendedProperties><ExtendedProperty><Name>a</Name><Value>1</Value></ExtendedProperty></ExtendedProperties></HostedServiceProperties></HostedService>`,
  )
  assert.match(
    (await house.ask('GET', `${services}/shop?Embed-Detail=True`)).body,
    /<\/HostedServiceProperties><Deployments\/><\/HostedService>$/,
  )
  assertFault(await house.ask('GET', `${services}/shop?embed-detail=yes`), 400, 'BadRequest')
})

test('A list of more than a thousand services comes in pages that miss and repeat none (R-31)', async () => {
  const names = Array.from({ length: 1500 }, (_, index) => `s${index}`)
  script.views.services = () => names.map((name) => serviceView({ name }))
  const first = await house.ask('GET', services)
  const token = String(first.headers['x-ms-continuation-token'])
  const second = await house.ask('GET', services, { headers: { 'x-ms-continuation-token': token } })
  assert.equal(second.headers['x-ms-continuation-token'], undefined)
  assert.equal((await house.ask('GET', `${services}?ContinuationToken=${encodeURIComponent(token)}`)).body, second.body)
  const found = [first, second].flatMap(({ body }) =>
    [...body.matchAll(/<ServiceName>(\w+)</g)].map((match) => match[1]),
  )
  assert.deepEqual(new Set(found), new Set(names))
  assert.equal(found.length, names.length)
  assertFault(
    await house.ask('GET', `${services}?ContinuationToken=what`),
    400,
    'BadRequest',
    /token "what" is unknown/,
  )
})

test('Name availability is an answer, never an error (C-6)', async () => {
  script.views.nameTaken = ({ service }) => service === 'taken'
  const at = async (name: string) => (await house.ask('GET', `${services}/operations/isavailable/${name}`)).body
  assert.equal(
    await at('free'),
    `<AvailabilityResponse ${head}><Result>true</Result><Reason i:nil="true"/></AvailabilityResponse>`,
  )
  assert.match(
    await at('taken'),
    /<Result>false<\/Result><Reason>A hosted service with the specified name already exists\.</,
  )
  assert.match(await at('not.a.label'), /<Result>false<\/Result><Reason>/)
})

test('An operation is found by its ID with or without hyphens, in any case (O-2, O-3)', async () => {
  const id = '0123456789abcdef0123456789abcdef'
  const failed = { status: 'Failed', httpStatus: 400, error: { code: 'BadRequest', message: 'no' } } as const
  script.views.operation = (ask) => (ask.id === id ? { ...recordOf(envelope(id)), ...failed } : null)
  for (const form of [id, id.toUpperCase(), '01234567-89AB-cdef-0123-456789abcdef'])
    assert.equal(
      (await house.ask('GET', `/operations/${form}`)).body,
      `<Operation ${head}><ID>01234567-89ab-cdef-0123-456789abcdef</ID><Status>Failed</Status><HttpStatusCode>400</HttpStatusCode><Error><Code>BadRequest</Code><Message>no</Message></Error></Operation>`,
    )
  assertFault(await house.ask('GET', `/operations/${'0'.repeat(32)}`), 404, 'ResourceNotFound')
})

test('The operations of a period are listed with who asked for them, page by page (S-2, R-31)', async () => {
  const id = '0123456789abcdef0123456789abcdef'
  const parameters = { serviceName: 'shop' }
  let asked: Views['operations']['ask'] | undefined
  script.views.operations = (ask) => {
    asked = ask
    return { operations: [{ ...recordOf(envelope(id)), parameters }], more: ask.after === undefined }
  }
  const data = 'http://schemas.datacontract.org/2004/07/Microsoft.WindowsAzure.ServiceManagement'
  const path = '/operations?StartTime=2026-01-01T00:00:00Z&endtime=2026-01-02'
  const { body } = await house.ask('GET', path)
  const token = /<ContinuationToken>([^<]+)<\/ContinuationToken>/.exec(body)?.[1] ?? ''
  assert.equal(
    body,
    `<SubscriptionOperationCollection ${head}><ContinuationToken>${token}</ContinuationToken><SubscriptionOperations><SubscriptionOperation><OperationId>${id}</OperationId><OperationObjectId>/s/services/hostedservices/shop</OperationObjectId><OperationName>DeleteHostedService</OperationName><OperationParameters><OperationParameter><Name xmlns="${data}">serviceName</Name><Value xmlns="${data}">shop</Value></OperationParameter></OperationParameters><OperationCaller><UsedServiceManagementApi>true</UsedServiceManagementApi><UserEmailAddress i:nil="true"/><SubscriptionCertificateThumbprint>AA</SubscriptionCertificateThumbprint><ClientIP>127.0.0.1</ClientIP></OperationCaller><OperationStatus><ID>01234567-89ab-cdef-0123-456789abcdef</ID><Status>Succeeded</Status><HttpStatusCode>200</HttpStatusCode></OperationStatus><OperationStartedTime>2026-01-01T00:00:00Z</OperationStartedTime><OperationCompletedTime>2026-01-01T00:00:01Z</OperationCompletedTime></SubscriptionOperation></SubscriptionOperations></SubscriptionOperationCollection>`,
  )
  const filters = '&ObjectIdFilter=/s/services&OperationResultFilter=failed'
  const next = await house.ask('GET', path + filters, { headers: { 'x-ms-continuation-token': token } })
  assert.doesNotMatch(next.body, /ContinuationToken/)
  assert.deepEqual(asked, {
    subscriptionId,
    from: newYear,
    until: newYear + 86_400_000,
    object: '/s/services',
    status: 'Failed',
    after: { startedAt: newYear, id },
    limit: 1000,
  })
  const unknown = await house.ask('GET', `${path}&ContinuationToken=what`)
  assertFault(unknown, 400, 'BadRequest', /token "what" is unknown/)
  const wrong = await house.ask('GET', `${path}&OperationResultFilter=pending`)
  assertFault(wrong, 400, 'BadRequest', /OperationResultFilter is "pending". Use InProgress or Succeeded or Failed/)
  assertFault(await house.ask('GET', '/operations?StartTime=2026-01-01'), 400, 'BadRequest', /both required/)
})

test('Subscription, locations, sizes, systems and storage are listed (S-1, S-3 to S-5, B-5)', async () => {
  const at = async (path: string) => (await house.ask('GET', path)).body
  assert.match(await at(''), /<CurrentCoreCount>2<.*<CreatedTime>2026-01-01T00:00:00Z<\/CreatedTime><\/Subscription>$/)
  assert.match(
    await at('/locations'),
    /<Name>Anywhere US<\/Name><DisplayName>Anywhere US<\/DisplayName><AvailableServices><AvailableService>Compute</,
  )
  assert.match(
    await at('/rolesizes'),
    /<Name>Small<\/Name><Label>[^<]+<\/Label><Cores>1<\/Cores><MemoryInMb>1792<\/MemoryInMb><SupportedByWebWorkerRoles>true</,
  )
  const families = await at('/operatingsystemfamilies')
  assert.equal(families.match(/<OperatingSystemFamily>/g)?.length, 7)
  assert.equal(families.match(/<IsDefault>true</g)?.length, 7)
  assert.match(
    await at('/operatingsystems'),
    /<Version>WA-GUEST-OS-4\.\d+_\d{6}-\d\d<\/Version>.*<Family>4<\/Family><FamilyLabel>/,
  )
  assert.match(
    await at('/services/storageservices'),
    /<ServiceName>packages<.*<Endpoint>http:\/\/127.0.0.1:9\/packages\/</,
  )
  assert.match(
    await at('/services/storageservices/Packages'),
    /^<StorageService [^>]*><Url>[^<]*\/packages<\/Url><ServiceName>packages<.*<Endpoint>http:\/\/127.0.0.1:9\/packages\/</,
  )
  assertFault(await house.ask('GET', '/services/storageservices/other'), 404, 'ResourceNotFound')
  assert.match(await at('/services/storageservices/PACKAGES/keys'), /<Primary>a2V5<\/Primary><Secondary>a2V5</)
  assertFault(await house.ask('GET', '/services/storageservices/other/keys'), 404, 'ResourceNotFound')
})

test('Lists of what there is none of are empty, not errors (11.3)', async () => {
  const service = () => serviceView()
  script.views = {
    ...script.views,
    service,
    extensions: () => [],
    serviceCertificates: () => [],
    affinityGroups: () => [],
  }
  for (const [path, root] of [
    ['/services/extensions', 'ExtensionImages'],
    [`${services}/shop/extensions`, 'Extensions'],
    [`${services}/shop/certificates`, 'Certificates'],
    ['/affinitygroups', 'AffinityGroups'],
  ])
    assert.equal((await house.ask('GET', path as string)).body, `<${root} ${head}/>`)
})

test('A management certificate is added with its own thumbprint only, and is trusted from then on (S-7)', async () => {
  const added = certificateOf('second')
  const body = (thumbprint: string) =>
    `<SubscriptionCertificate xmlns="${namespace}"><SubscriptionCertificatePublicKey/><SubscriptionCertificateThumbprint>${thumbprint}</SubscriptionCertificateThumbprint><SubscriptionCertificateData>${added.data}</SubscriptionCertificateData></SubscriptionCertificate>`
  assertFault(
    await house.ask('POST', '/certificates', { body: body('AB'.repeat(20)) }),
    400,
    'BadRequest',
    /thumbprint given is ABAB/,
  )
  const answer = await house.ask('POST', '/certificates', { body: body(added.thumbprint.toLowerCase()) })
  assert.equal(answer.status, 200)
  assert.deepEqual(script.commands[0]?.command, {
    kind: 'addManagementCertificate',
    thumbprint: added.thumbprint,
    data: added.data,
    expiresAt: added.notAfter.getTime(),
  })
  const known = (await subscriptions?.({})) ?? []
  script.views.subscriptions = () =>
    known.map((one) => ({
      ...one,
      certificates: [...one.certificates, { thumbprint: added.thumbprint, data: added.data, createdAt: newYear }],
    }))
  assert.equal((await house.ask('GET', '/locations', { certificate: added })).status, 200)
  const listed = await house.ask('GET', `/certificates/${added.thumbprint.toLowerCase()}`)
  assert.match(
    listed.body,
    new RegExp(`<SubscriptionCertificateThumbprint>${added.thumbprint}<.*<Created>2026-01-01T00:00:00Z<`),
  )
  assertFault(await house.ask('GET', `/certificates/${'0'.repeat(40)}`), 404, 'ResourceNotFound')
  assert.equal((await house.ask('DELETE', `/certificates/${added.thumbprint}`)).status, 200)
  assert.equal(script.commands[1]?.objectId, `/${subscriptionId}/certificates`)
})

test('A host is drained and given back by its name, as operations of its own (section 16, H-21)', async () => {
  assert.equal((await house.ask('POST', '/reddog/hosts/h1?comp=drain')).status, 202)
  assert.equal((await house.ask('POST', '/reddog/hosts/h1?comp=enddrain')).status, 200)
  assert.equal((await house.ask('POST', '/reddog/hosts?comp=releasebrake')).status, 200)
  assert.deepEqual(
    script.commands.map(({ command, operationName, objectId }) => [command, operationName, objectId]),
    [
      [{ kind: 'drainHost', host: 'h1' }, 'DrainHost', `/${subscriptionId}/reddog/hosts/h1`],
      [{ kind: 'endDrain', host: 'h1' }, 'EndDrainHost', `/${subscriptionId}/reddog/hosts/h1`],
      [{ kind: 'releaseBrake' }, 'ReleaseBrake', `/${subscriptionId}/reddog/hosts`],
    ],
  )
  assert.equal(script.commands[0]?.parameters?.['hostName'], 'h1')
})

test('A machine is removed by its name, and a token to join is known by its hash (section 16)', async () => {
  assert.equal((await house.ask('DELETE', '/reddog/hosts/m2')).status, 200)
  assert.equal((await house.ask('DELETE', '/reddog/hosts/m2?force=True')).status, 200)
  const token = (hash: string, seconds: string) =>
    `<JoinToken xmlns="urn:reddog:2026"><Hash>${hash}</Hash><Controller>true</Controller><ValidSeconds>${seconds}</ValidSeconds></JoinToken>`
  const hash = 'ab'.repeat(32)
  assert.equal((await house.ask('POST', '/reddog/jointokens', { body: token(hash, '1800') })).status, 200)
  assert.deepEqual(
    script.commands.map(({ command, operationName, objectId }) => [command, operationName, objectId]),
    [
      [{ kind: 'removeHost', host: 'm2', force: false }, 'RemoveHost', `/${subscriptionId}/reddog/hosts/m2`],
      [{ kind: 'removeHost', host: 'm2', force: true }, 'RemoveHost', `/${subscriptionId}/reddog/hosts/m2`],
      [
        { kind: 'addJoinToken', token: hash, controller: true, validMs: 1_800_000 },
        'AddJoinToken',
        `/${subscriptionId}/reddog/jointokens`,
      ],
    ],
  )
  assert.doesNotMatch(JSON.stringify(script.commands[2]?.parameters), /abab/)
  for (const body of [token(hash, '-1'), token('a'.repeat(300), '1'), '<JoinToken/>'])
    assert.equal((await house.ask('POST', '/reddog/jointokens', { body })).status, 400)
  const unknown = { certificate: certificateOf('another') }
  assert.equal((await house.ask('DELETE', '/reddog/hosts/m2', unknown)).status, 403)
  assert.equal((await house.ask('GET', '/reddog/machines', { certificate: undefined })).status, 403)
})

test('Machines have a document of Reddog; a fabric of one has none (section 16)', async () => {
  const reddog = head.replace(namespace, 'urn:reddog:2026')
  assert.equal(
    (await house.ask('GET', '/reddog/machines')).body,
    `<Machines ${reddog}><Authority/><List/><Leaving/></Machines>`,
  )
  script.views.machines = () => ({
    authority: 'PEM',
    machines: [
      { name: 'm1', address: '10.9.0.1', number: 10, version: '0.1.0', roles: ['host', 'master'], notes: ['is it'] },
    ],
    leaving: ['m2 left'],
  })
  assert.equal(
    (await house.ask('GET', '/reddog/machines')).body,
    `<Machines ${reddog}><Authority>PEM</Authority><List><Machine><Name>m1</Name><Address>10.9.0.1</Address><Number>10</Number><Version>0.1.0</Version><Roles><Role>host</Role><Role>master</Role></Roles><Notes><Note>is it</Note></Notes></Machine></List><Leaving><Machine>m2 left</Machine></Leaving></Machines>`,
  )
})

test('Events of the hosts are asked for without a service (section 16)', async () => {
  script.views.events = ({ service, after }) => [
    { number: after + 1, at: newYear, subject: 'h1', kind: 'HostDrained', reason: String(service) },
  ]
  const { body } = await house.ask('GET', '/reddog/events?after=4')
  assert.match(body, /<Number>5<\/Number>.*<Subject>h1<\/Subject><Kind>HostDrained<\/Kind><Reason>undefined</)
})

test('Events, logs and hosts have documents of Reddog (section 16)', async () => {
  script.views.service = () => serviceView()
  script.views.events = ({ after }) => [
    { number: after + 1, at: newYear, subject: 'Web_IN_0', kind: 'ReadyRole', reason: 'it said so' },
  ]
  script.views.log = ({ log, offset }) => ({
    logicalPath: `C:\\Logs\\${log}.log`,
    realPath: '/r',
    text: 'a\n',
    nextOffset: offset + 2,
  })
  script.views.hosts = () => [
    {
      name: 'h1',
      state: 'Draining',
      cores: 8,
      freeCores: 6,
      faultDomain: 1,
      instances: ['x'],
      waitsFor: ['waits'],
      unknown: [],
    },
  ]
  const reddog = head.replace(namespace, 'urn:reddog:2026')
  assert.equal(
    (await house.ask('GET', '/reddog/hostedservices/shop/events?after=4')).body,
    `<Events ${reddog}><Event><Number>5</Number><Time>2026-01-01T00:00:00Z</Time><Subject>Web_IN_0</Subject><Kind>ReadyRole</Kind><Reason>it said so</Reason></Event></Events>`,
  )
  assert.equal(
    (
      await house.ask(
        'GET',
        '/reddog/hostedservices/shop/deploymentslots/production/roleinstances/Web_IN_0/logs/WaAppAgent?offset=3',
      )
    ).body,
    `<Log ${reddog}><LogicalPath>C:\\Logs\\WaAppAgent.log</LogicalPath><RealPath>/r</RealPath><NextOffset>5</NextOffset><Known/><Text>YQo=</Text></Log>`,
  )
  assert.equal(
    (await house.ask('GET', '/reddog/hosts')).body,
    `<Hosts ${reddog}><Host><Name>h1</Name><State>Draining</State><Cores>8</Cores><FreeCores>6</FreeCores><FaultDomain>1</FaultDomain><Instances><Instance>x</Instance></Instances><WaitsFor><Wait>waits</Wait></WaitsFor><UnknownInstances/></Host></Hosts>`,
  )
})

test('A controller that is starting again is waited for, and a command is given to it once (design.md 2)', async () => {
  await house.stopController()
  const waiting = house.ask('POST', services, { body: create })
  await house.startController()
  assert.equal((await waiting).status, 201)
  assert.equal(script.commands.length, 1)
})

test('Every request, accepted or refused, is one line of the audit log, without bodies and queries (design.md 8)', async () => {
  const before = house.auditLines().length
  const good = await house.ask('DELETE', `${production}?comp=media&secret=s3cr3t`)
  const bad = await house.ask('GET', '/nowhere?secret=s3cr3t', { certificate: undefined })
  const lines = house.auditLines().slice(before)
  assert.deepEqual(
    lines.map(({ requestId, thumbprint, operation, outcome }) => ({ requestId, thumbprint, operation, outcome })),
    [
      {
        requestId: good.headers['x-ms-request-id'],
        thumbprint: house.management.thumbprint,
        operation: 'DeleteDeployment',
        outcome: '202',
      },
      { requestId: bad.headers['x-ms-request-id'], thumbprint: '', operation: 'GET', outcome: '403 ForbiddenError' },
    ],
  )
  assert.doesNotMatch(JSON.stringify(house.auditLines()), /s3cr3t|a2V5|PackageUrl/)
})

test('SIGTERM: the request in flight is answered, then the process ends with exit code 0', async (t) => {
  const asked = Promise.withResolvers<void>()
  const release = Promise.withResolvers<readonly []>()
  const own: Script = { views: {}, commands: [] }
  const other = await startFrontEnd(t, own)
  own.views.services = () => {
    asked.resolve()
    return release.promise
  }
  const waiting = other.ask('GET', services)
  await asked.promise
  process.kill(other.pid, 'SIGTERM')
  await assert.rejects(async () => {
    for (;;) await other.ask('GET', '/locations', { certificate: undefined })
  }, /ECONNREFUSED|ECONNRESET|socket hang up/)
  release.resolve([])
  assert.equal((await waiting).status, 200)
  assert.deepEqual(await other.ended, [0, null])
})

function envelope(requestId: string) {
  return {
    requestId,
    subscriptionId,
    operationName: 'DeleteHostedService',
    objectId: '/s/services/hostedservices/shop',
    caller: { thumbprint: 'AA', clientAddress: '127.0.0.1' },
    command: { kind: 'deleteService', service: 'shop', withDeployments: false },
  } as const
}

function assertFault(answer: Answered, status: number, code: string, message = /./): void {
  const read = errorDocument.read(answer.body)
  assert.ok(read.ok, answer.body)
  assert.deepEqual({ status: answer.status, code: read.value.code }, { status, code }, read.value.message)
  assert.match(read.value.message, message)
}
