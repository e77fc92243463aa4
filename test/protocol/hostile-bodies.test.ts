/**
 * Every field of every body and every name in a path, filled with what nobody sane sends: each answer is one that a client can
 * read, never 500, no connection is dropped, and the next caller is served (R-5, E-2). The same of what hosts and the balancer say.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { fabricPaths, party } from '../../src/fabric/contract/paths.ts'
import type { RotationReport } from '../../src/fabric/contract/rotation.ts'
import { operations } from '../../src/front-end/contract/operations.ts'
import { errorDocument } from '../../src/front-end/contract/wire/error.ts'
import { hostedServicesDocument } from '../../src/front-end/contract/wire/hosted-service.ts'
import { subscriptionOperationsDocument } from '../../src/front-end/contract/wire/subscription-operations.ts'
import { hostPaths } from '../../src/host/contract/paths.ts'
import type { Answer, HostFacts, HostReport, InstanceReport } from '../../src/host/contract/report.ts'
import { issueCertificate } from '../../src/machine/certificates/authority.ts'
import { openJsonClient } from '../../src/machine/http/json-client.ts'
import { certificateOf } from './front-end-process.ts'
import { startHouse } from './real-house.ts'

/** Without a host of its own: everything up to placement. */
const house = await startHouse({ after }, { maxServices: 1_000 })

const namespace = 'http://schemas.microsoft.com/windowsazure'
const certificate = certificateOf('hostile')
const base64 = (text: string) => Buffer.from(text).toString('base64')
const configuration = base64(
  '<ServiceConfiguration serviceName="Shop" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration"><Role name="R"><Instances count="1"/></Role></ServiceConfiguration>',
)
const properties =
  '<ExtendedProperties><ExtendedProperty><Name>a</Name><Value>b</Value></ExtendedProperty></ExtendedProperties>'
const extensions =
  '<ExtensionConfiguration><AllRoles><Extension><Id>e</Id><State>Enable</State></Extension></AllRoles><NamedRoles><Role><RoleName>R</RoleName><Extensions><Extension><Id>e</Id></Extension></Extensions></Role></NamedRoles></ExtensionConfiguration>'
const packageUrl = '<PackageUrl>http://127.0.0.1:9/packages/p/x.cspkg</PackageUrl>'

/** A body for each operation that has one. */
const bodies: Readonly<Record<string, string>> = {
  AddSubscriptionCertificate: `<SubscriptionCertificate><SubscriptionCertificatePublicKey>YQ==</SubscriptionCertificatePublicKey><SubscriptionCertificateThumbprint>${certificate.thumbprint}</SubscriptionCertificateThumbprint><SubscriptionCertificateData>${certificate.data}</SubscriptionCertificateData></SubscriptionCertificate>`,
  CreateAffinityGroup:
    '<CreateAffinityGroup><Name>g</Name><Label>bA==</Label><Description>d</Description><Location>Reddog</Location></CreateAffinityGroup>',
  UpdateAffinityGroup: '<UpdateAffinityGroup><Label>bA==</Label><Description>d</Description></UpdateAffinityGroup>',
  CreateReservedIP:
    '<ReservedIP><Name>r</Name><Label>l</Label><Location>Reddog</Location><ServiceName/><DeploymentName/><VirtualIPName/></ReservedIP>',
  CreateHostedService: `<CreateHostedService><ServiceName>shop</ServiceName><Label>bA==</Label><Description>d</Description><Location>Reddog</Location><AffinityGroup/>${properties}<ReverseDnsFqdn>a.b.</ReverseDnsFqdn></CreateHostedService>`,
  UpdateHostedService: `<UpdateHostedService><Label>bA==</Label><Description>d</Description>${properties}<ReverseDnsFqdn>a.b.</ReverseDnsFqdn></UpdateHostedService>`,
  AddServiceCertificate: `<CertificateFile><Data>${certificate.data}</Data><CertificateFormat>cer</CertificateFormat><Password>p</Password></CertificateFile>`,
  AddExtension: `<Extension><ProviderNameSpace>n</ProviderNameSpace><Type>t</Type><Id>e</Id><Thumbprint>${certificate.thumbprint}</Thumbprint><ThumbprintAlgorithm>sha1</ThumbprintAlgorithm><PublicConfiguration>YQ==</PublicConfiguration><PrivateConfiguration>YQ==</PrivateConfiguration><Version>1.0</Version></Extension>`,
  CreateDeployment: `<CreateDeployment><Name>v1</Name>${packageUrl}<Label>bA==</Label><Configuration>${configuration}</Configuration><StartDeployment>true</StartDeployment><TreatWarningsAsError>false</TreatWarningsAsError>${properties}${extensions}</CreateDeployment>`,
  UpdateDeploymentStatus: '<UpdateDeploymentStatus><Status>Running</Status></UpdateDeploymentStatus>',
  ChangeDeploymentConfiguration: `<ChangeConfiguration><Configuration>${configuration}</Configuration><TreatWarningsAsError>false</TreatWarningsAsError><Mode>Auto</Mode>${properties}${extensions}</ChangeConfiguration>`,
  UpgradeDeployment: `<UpgradeDeployment><Mode>Auto</Mode>${packageUrl}<Configuration>${configuration}</Configuration><Label>bA==</Label><RoleToUpgrade>R</RoleToUpgrade><Force>false</Force>${properties}${extensions}</UpgradeDeployment>`,
  PlanUpgrade: `<UpgradeDeployment><Mode>Auto</Mode>${packageUrl}<Configuration>${configuration}</Configuration><Label>bA==</Label><RoleToUpgrade>R</RoleToUpgrade><Force>false</Force></UpgradeDeployment>`,
  WalkUpgradeDomain: '<WalkUpgradeDomain><UpgradeDomain>0</UpgradeDomain></WalkUpgradeDomain>',
  RollbackUpdateOrUpgrade: '<RollbackUpdateOrUpgrade><Mode>Auto</Mode><Force>false</Force></RollbackUpdateOrUpgrade>',
  SwapDeployment: '<Swap><Production>v1</Production><SourceDeployment>v2</SourceDeployment></Swap>',
  DeleteRoleInstances: '<RoleInstances><Name>R_IN_0</Name></RoleInstances>',
}

const big = 'x'.repeat(1024 * 1024)

/** As XML text. */
const hostileTexts: Readonly<Record<string, string>> = {
  nothing: '',
  blanks: ' \t\n ',
  negative: '-1',
  huge: '99999999999',
  'past all numbers': '9'.repeat(400),
  'no number': 'NaN',
  infinite: '1e999',
  __proto__: '__proto__',
  constructor: 'constructor',
  tostring: 'toString',
  'a megabyte': big,
  'a megabyte of Base64': Buffer.from(big).toString('base64'),
  'Base64 of zeros': 'AAAA',
  'a control character': '&#27;[0m',
  'an escaped zero': '&#0;',
  'half a pair': '&#xD800;',
  'a pair': '&#x1F600;',
  'right to left': '&#x202E;',
  elements: '<a><b/></a>',
  path: '../../%2e%2e/%00',
}

/** The same in a path. */
const hostileNames = [
  '__proto__',
  'constructor',
  'toString',
  '%00',
  '%1b%5b0m',
  '%ed%a0%80',
  '%f0%9f%98%80',
  '..%2f..',
  '-1',
  '9'.repeat(400),
  'x'.repeat(8_000),
  '%',
  '.',
  '%20',
]

for (const [name, { method, path, comp }] of Object.entries(operations) as [
  string,
  { method: string; path: string; comp?: string },
][]) {
  const body = bodies[name] ?? ''
  const address = (one?: string, at = -1) => {
    let count = 0
    const filled = path
      .replace('{deployment}', 'deploymentslots/{slot}')
      .replace(/\{(\w+)\}/g, (_, what) => (count++ === at && one ? one : what === 'slot' ? 'production' : 'shop'))
    return `/${filled}${comp === undefined ? '' : `?comp=${comp}`}`
  }

  test(`${name} survives what nobody sane sends`, async () => {
    for (const [what, sent] of mutations(body)) await survives(`${name}: ${what}`, method, address(), sent)
    const variables = [...path.replace('{deployment}', 'x/{slot}').matchAll(/\{\w+\}/g)].length
    for (let at = 0; at < variables; at++)
      for (const hostile of hostileNames)
        await survives(`${name}: ${hostile.slice(0, 20)}`, method, address(hostile, at), body && declared(body))
    await served()
  })
}

test('Ten megabytes of elements cost nobody else anything', async () => {
  const items = '<a/>'.repeat(2_500_000)
  const { status } = await house.ask('POST', '/services/hostedservices', {
    body: declared(`<CreateHostedService>${items}</CreateHostedService>`),
  })
  assert.equal(status, 400)
  await served()
})

const facts: HostFacts = {
  name: 'h1',
  cores: 4,
  memoryMB: 0,
  diskMB: 0,
  faultDomain: 0,
  bootId: 'b',
  agentRun: 'run',
  firstPort: 1024,
}
const instance: InstanceReport = {
  key: 'd.R_IN_0',
  revision: 1,
  status: 'ReadyRole',
  details: 'All is well.',
  errorCode: 'e',
  powerState: 'Started',
  account: 200_000,
  since: 1,
  failures: 0,
  prepared: 'p',
  prepareFault: 'f',
}
const hostReport: HostReport = {
  agentRun: 'run',
  number: 1,
  goalVersion: 0,
  complete: true,
  instances: [instance],
  gone: ['d.R_IN_1'],
}
const found: Answer = { logicalPath: 'C:\\x.log', realPath: '/x.log', text: 't', nextOffset: 1, known: ['x'] }
const rotationReport: RotationReport = {
  balancer: 'b',
  acknowledged: 0,
  drained: ['d.R_IN_0'],
  boundPorts: { e: 8080 },
  probedOut: { 'd.R_IN_0': 'silent' },
  failed: { e: 'gone' },
}

/** What the parties below and beside the controller say. */
const words: readonly (readonly [party: string, path: string, body: object])[] = [
  [`${party.hostPrefix}h1`, hostPaths.register, facts],
  [`${party.hostPrefix}h1`, hostPaths.report, hostReport],
  [`${party.hostPrefix}h1`, `${hostPaths.answer}?id=x`, found],
  [party.loadBalancer, fabricPaths.rotationReport, rotationReport],
]

const hostileValues: readonly unknown[] = [
  null,
  true,
  '',
  -1,
  0.5,
  1e21,
  Number.MAX_SAFE_INTEGER,
  'constructor',
  '__proto__',
  big,
  [],
  [null, 1, {}, big],
  {},
  JSON.parse('{"__proto__": 1, "constructor": {"a": 1}, "": -1, "e": 99999999999}'),
  Array(20_000).fill(0),
]

for (const [who, path, body] of words)
  test(`${path} of ${who} survives what nobody sane says`, async () => {
    const { certificatePem: cert, keyPem: key } = issueCertificate(house.authority, {
      commonName: who,
      usage: 'client',
      hosts: [],
    })
    const client = openJsonClient({ ca: house.authority.certificatePem, cert, key })
    const say = async (said: unknown, at = path) =>
      (await client.request({ url: `${house.controllerUrl}${at}`, method: 'POST', body: said, timeoutMs: 60_000 }))
        .status
    if (who !== party.loadBalancer) assert.equal(await say(facts, hostPaths.register), 204)
    assert.equal(await say(body), 204, 'as it should be')
    for (const [what, said] of sayings(body)) {
      const status = await say(said)
      assert.ok(status >= 200 && status < 500, `${what}: ${status}`)
    }
    assert.equal(await say(body), 204, 'still heard')
    client.close()
    await served()
  })

/** Every field, at any depth, with every hostile value and gone; and each value instead of the whole. */
function* sayings(body: object): Generator<readonly [string, unknown]> {
  for (const value of hostileValues) yield [`${JSON.stringify(value).slice(0, 30)} instead`, value]
  yield* inside(body, (changed) => changed, '')
}

function* inside(
  part: object,
  whole: (changed: unknown) => unknown,
  above: string,
): Generator<readonly [string, unknown]> {
  for (const [name, known] of Object.entries(part)) {
    const changed = (value: unknown) =>
      Array.isArray(part) ? part.with(Number(name), value) : { ...part, [name]: value }
    for (const value of [...hostileValues, undefined])
      yield [`${above}${name} is ${JSON.stringify(value)?.slice(0, 30)}`, whole(changed(value))]
    if (typeof known === 'object' && known !== null)
      yield* inside(known, (value) => whole(changed(value)), `${above}${name}.`)
  }
}

/** Every field that has text, with every hostile one, gone, nil and thousandfold. */
function* mutations(body: string): Generator<readonly [string, string]> {
  yield ['as it should be', body && declared(body)]
  if (body === '') return
  yield ['empty', '']
  yield ['another root', declared('<a/>')]
  for (const opening of ['<!--', '<![CDATA['])
    yield [`${opening} again and again, never closed`, declared(opening.repeat(200_000))]
  for (const { 0: field, 1: element, index } of body.matchAll(/<(\w+)>[^<]*<\/\1>/g)) {
    const put = (text: string) => declared(body.slice(0, index) + text + body.slice(index + field.length))
    for (const [what, text] of Object.entries(hostileTexts))
      yield [`${element} with ${what}`, put(`<${element}>${text}</${element}>`)]
    yield [`no ${element}`, put('')]
    yield [`${element} nil`, put(`<${element} i:nil="true" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"/>`)]
    yield [`${element} a thousand times`, put(field.length > 200 ? '' : field.repeat(1_001))]
  }
}

function declared(body: string): string {
  return body.replace(/^<\w+/, (root) => `${root} xmlns="${namespace}"`)
}

async function survives(what: string, method: string, path: string, body: string): Promise<void> {
  const answer = await house
    .ask(method, path, { body })
    .catch((error: Error) => assert.fail(`${what}: ${error.message}`))
  // 503 is what a host that is not there costs: logs come from it.
  assert.ok(answer.status < 500, `${what}: ${answer.status} ${answer.body.slice(0, 300)}`)
  if (answer.status < 400) return
  const read = errorDocument.read(answer.body)
  assert.ok(read.ok && read.value.message.length < 20_000, `${what}: ${answer.body.slice(0, 300)}`)
}

/** What clients ask next can be read whole. */
async function served(): Promise<void> {
  const services = await house.ask('GET', '/services/hostedservices')
  assert.ok(hostedServicesDocument.read(services.body).ok, services.body.slice(0, 300))
  const done = await house.ask('GET', '/operations?StartTime=2020-01-01&EndTime=2100-01-01')
  assert.ok(subscriptionOperationsDocument.read(done.body).ok, done.body.slice(0, 300))
}
