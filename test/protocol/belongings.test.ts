/** Affinity groups, service certificates and extensions as they travel over HTTP. */
import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after, beforeEach, test } from 'node:test'
import type { ExtensionCommand } from '../../src/fabric/contract/extension.ts'
import type { ServiceCertificateCommand } from '../../src/fabric/contract/service-certificate.ts'
import { errorDocument } from '../../src/front-end/contract/wire/error.ts'
import { writePkcs12 } from '../../src/machine/certificates/pkcs12.ts'
import { openSealer } from '../../src/machine/certificates/sealer.ts'
import { type Answered, certificateOf, startFrontEnd, subscriptionId } from './front-end-process.ts'
import { newYear, type Script, serviceView } from './scripted-controller.ts'

const script: Script = { views: {}, commands: [] }
const house = await startFrontEnd({ after }, script)
const { subscriptions } = script.views

const namespace = 'http://schemas.microsoft.com/windowsazure'
const head = `xmlns="${namespace}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"`
const shop = '/services/hostedservices/shop'
const base64 = (text: string) => Buffer.from(text).toString('base64')

beforeEach(() => {
  script.commands.length = 0
  script.views = { subscriptions, service: () => serviceView() }
})

const tls = certificateOf('tls')
const pfx = Buffer.from(
  writePkcs12([{ der: tls.der, key: createPrivateKey(tls.keyPem).export({ type: 'pkcs8', format: 'der' }) }]),
).toString('base64')
const certificateFile = (inner: string) => `<CertificateFile xmlns="${namespace}">${inner}</CertificateFile>`

test('The private key of a PFX file is sealed before it leaves the front end (K-1)', async () => {
  const body = certificateFile(
    `<Data>${pfx.replace(/.{64}/g, '$&\n')}</Data><CertificateFormat>Pfx</CertificateFormat><Password/>`,
  )
  const answer = await house.ask('POST', `${shop}/certificates`, { body })
  assert.equal(answer.status, 202, answer.body)
  const [envelope] = script.commands
  const command = envelope?.command as Extract<ServiceCertificateCommand, { kind: 'addServiceCertificates' }>
  const [{ sealedKey = '', ...certificate } = {}] = command.certificates
  assert.deepEqual(certificate, { thumbprint: tls.thumbprint, data: tls.data })
  const opened = openSealer(house.fabricKeyFile).open(sealedKey, `certificate shop/${tls.thumbprint}`)
  assert.equal(opened.subarray(0, 2).toString('hex'), '3082', 'PKCS#8')
  assert.deepEqual(
    [envelope?.operationName, envelope?.parameters],
    ['AddServiceCertificate', { subscriptionID: subscriptionId, serviceName: 'shop', thumbprints: tls.thumbprint }],
  )
  assert.doesNotMatch(JSON.stringify(envelope), new RegExp(opened.toString('base64').slice(-64).replace(/[+/=]/g, '.')))
})

test('A certificate without key is added as it is, DER or PEM (K-1)', async () => {
  for (const data of [tls.data, base64(tls.certificatePem)]) {
    script.commands.length = 0
    const body = certificateFile(`<Data>${data}</Data><CertificateFormat>cer</CertificateFormat>`)
    assert.equal((await house.ask('POST', `${shop}/certificates`, { body })).status, 202)
    assert.deepEqual(script.commands[0]?.command, {
      kind: 'addServiceCertificates',
      service: 'shop',
      certificates: [{ thumbprint: tls.thumbprint, data: tls.data }],
    })
  }
})

for (const [what, inner, message] of [
  ['a wrong password', `<Data>${pfx}</Data><Password> </Password>`, /cannot be opened with the given password/],
  ['no PFX', `<Data>${tls.data}</Data>`, /not a readable PFX file/],
  ['no certificate', `<Data>aGVsbG8=</Data><CertificateFormat>cer</CertificateFormat>`, /not an X\.509 certificate/],
  ['no Base64', '<Data>*</Data>', /Data is not Base64/],
  ['nothing', '', /no Data/],
  ['another format', `<Data>${pfx}</Data><CertificateFormat>pem</CertificateFormat>`, /CertificateFormat holds "pem"/],
] as const)
  test(`A certificate file that is ${what} is refused (K-1)`, async () => {
    const answer = await house.ask('POST', `${shop}/certificates`, { body: certificateFile(inner) })
    assertFault(answer, 400, 'BadRequest', message)
    assert.deepEqual(script.commands, [])
  })

test('Certificates are listed and got without their keys, and found in any case (K-2, K-3)', async () => {
  script.views.serviceCertificates = ({ service }) =>
    service === 'shop' ? [{ thumbprint: tls.thumbprint, data: tls.data }] : null
  assert.equal(
    (await house.ask('GET', `${shop}/certificates`)).body,
    `<Certificates ${head}><Certificate><CertificateUrl>https://127.0.0.1:${house.port}/${subscriptionId}/services/hostedservices/Shop/certificates/sha1-${tls.thumbprint}</CertificateUrl><Thumbprint>${tls.thumbprint}</Thumbprint><ThumbprintAlgorithm>sha1</ThumbprintAlgorithm><Data>${tls.data}</Data></Certificate></Certificates>`,
  )
  const lower = `${shop}/certificates/SHA1-${tls.thumbprint.toLowerCase()}`
  assert.equal((await house.ask('GET', lower)).body, `<Certificate ${head}><Data>${tls.data}</Data></Certificate>`)
  assert.equal((await house.ask('DELETE', lower)).status, 202)
  const { thumbprint } = tls
  assert.deepEqual(script.commands[0]?.command, { kind: 'deleteServiceCertificate', service: 'shop', thumbprint })
  for (const other of [`md5-${thumbprint}`, thumbprint, `sha1-${'0'.repeat(40)}`])
    assertFault(await house.ask('GET', `${shop}/certificates/${other}`), 404, 'ResourceNotFound', /was not found/)
  const nowhere = await house.ask('GET', '/services/hostedservices/none/certificates')
  assertFault(nowhere, 404, 'ResourceNotFound', /^The hosted service does not exist\.$/)
})

const secret = 'the storage key'
const extension = `<Extension xmlns="${namespace}"><ProviderNameSpace>Microsoft.Azure.Diagnostics</ProviderNameSpace><Type>PaaSDiagnostics</Type><Id>diag</Id><Thumbprint>${tls.thumbprint.toLowerCase()}</Thumbprint><ThumbprintAlgorithm>SHA1</ThumbprintAlgorithm><PublicConfiguration>${base64('<P/>')}</PublicConfiguration><PrivateConfiguration>${base64(secret)}</PrivateConfiguration><Version>1.*</Version></Extension>`
const kept = {
  id: 'diag',
  providerNamespace: 'Microsoft.Azure.Diagnostics',
  type: 'PaaSDiagnostics',
  version: '1.*',
  thumbprint: tls.thumbprint,
  thumbprintAlgorithm: 'sha1',
  publicConfiguration: base64('<P/>'),
}

test('The private configuration of an extension is sealed before it leaves the front end, and never comes back (11.1)', async () => {
  assert.equal((await house.ask('POST', `${shop}/extensions`, { body: extension })).status, 202)
  const [envelope] = script.commands
  const given = envelope?.command as Extract<ExtensionCommand, { kind: 'addExtension' }>
  const { sealedConfiguration = '', ...command } = given
  assert.deepEqual(command, { kind: 'addExtension', service: 'shop', extension: kept })
  const opened = openSealer(house.fabricKeyFile).open(sealedConfiguration, 'extension shop/diag')
  assert.equal(opened.toString(), secret)
  assert.doesNotMatch(JSON.stringify(envelope), new RegExp(`${secret}|${base64(secret)}`))
  script.views.extensions = () => [
    kept,
    { ...kept, id: 'bare', publicConfiguration: base64('{}'), thumbprint: undefined },
  ]
  const [first, second] = [kept.publicConfiguration, base64('{}')]
  const one = (id: string, inner: string, json: boolean) =>
    `<ProviderNameSpace>Microsoft.Azure.Diagnostics</ProviderNameSpace><Type>PaaSDiagnostics</Type><Id>${id}</Id><Version>1.*</Version>${inner}<IsJsonExtension>${json}</IsJsonExtension><DisallowMajorVersionUpgrade>false</DisallowMajorVersionUpgrade>`
  const full = one(
    'diag',
    `<Thumbprint>${tls.thumbprint}</Thumbprint><ThumbprintAlgorithm>sha1</ThumbprintAlgorithm><PublicConfiguration>${first}</PublicConfiguration>`,
    false,
  )
  const bare = one(
    'bare',
    `<Thumbprint/><ThumbprintAlgorithm>sha1</ThumbprintAlgorithm><PublicConfiguration>${second}</PublicConfiguration>`,
    true,
  )
  assert.equal(
    (await house.ask('GET', `${shop}/extensions`)).body,
    `<Extensions ${head}><Extension>${full}</Extension><Extension>${bare}</Extension></Extensions>`,
  )
  assert.equal((await house.ask('GET', `${shop}/extensions/DIAG`)).body, `<Extension ${head}>${full}</Extension>`)
  assertFault(await house.ask('GET', `${shop}/extensions/x`), 404, 'ResourceNotFound', /extension x does not exist/)
  assert.equal((await house.ask('DELETE', `${shop}/extensions/diag`)).status, 202)
  assert.deepEqual(script.commands[1]?.command, { kind: 'deleteExtension', service: 'shop', extension: 'diag' })
})

for (const [what, change, message] of [
  ['a version of words', ['1.*', 'newest'], /version "newest" is invalid/],
  ['an ID that no path can hold', ['<Id>diag', '<Id>a/b'], /extension ID is invalid/],
  ['no type', ['<Type>PaaSDiagnostics</Type>', ''], /no Type/],
  ['a private configuration that is no Base64', [base64(secret), '***'], /PrivateConfiguration is not Base64/],
] as const)
  test(`An extension with ${what} is refused (11.1)`, async () => {
    const body = extension.replace(change[0], change[1])
    assertFault(await house.ask('POST', `${shop}/extensions`, { body }), 400, 'BadRequest', message)
    assert.deepEqual(script.commands, [])
  })

test('Affinity groups are created, changed, shown with what is in them, and deleted (S-6, R-30)', async () => {
  const create = `<CreateAffinityGroup xmlns="${namespace}"><Name>East</Name><Label>ZWFzdA==</Label><Description/><Location>anywhere us</Location></CreateAffinityGroup>`
  const created = await house.ask('POST', '/affinitygroups', { body: create })
  assert.equal(created.status, 201, created.body)
  const root = `https://127.0.0.1:${house.port}`
  assert.equal(created.headers['location'], `${root}/subscriptions/${subscriptionId}/affinitygroup/East`)
  const update = `<UpdateAffinityGroup xmlns="${namespace}"><Label>ZTI=</Label></UpdateAffinityGroup>`
  assert.equal((await house.ask('PUT', '/affinitygroups/east', { body: update })).status, 200)
  assert.equal((await house.ask('DELETE', '/affinitygroups/east')).status, 200)
  assert.deepEqual(
    script.commands.map(({ command, objectId }) => [command, objectId.slice(subscriptionId.length + 1)]),
    [
      [
        { kind: 'createAffinityGroup', group: 'East', label: 'ZWFzdA==', location: 'Anywhere US' },
        '/affinitygroups/East',
      ],
      [{ kind: 'updateAffinityGroup', group: 'east', label: 'ZTI=' }, '/affinitygroups/east'],
      [{ kind: 'deleteAffinityGroup', group: 'east' }, '/affinitygroups/east'],
    ],
  )
  script.views.affinityGroups = () => [
    { name: 'East', label: 'ZWFzdA==', location: 'Anywhere US', createdAt: newYear, services: ['Shop'] },
  ]
  const described = '<Name>East</Name><Label>ZWFzdA==</Label><Description/><Location>Anywhere US</Location>'
  const listed = (await house.ask('GET', '/affinitygroups')).body
  const tail =
    /<Capabilities\/><CreatedTime>2026-01-01T00:00:00Z<\/CreatedTime><ComputeCapabilities>.*<\/ComputeCapabilities>/
  const capacity = tail.exec(listed)?.[0] ?? ''
  assert.match(capacity, /<WebWorkerRoleSizes><RoleSize>/)
  assert.equal(
    listed,
    `<AffinityGroups ${head}><AffinityGroup>${described}${capacity}</AffinityGroup></AffinityGroups>`,
  )
  assert.equal(
    (await house.ask('GET', '/affinitygroups/EAST')).body,
    `<AffinityGroup ${head}>${described}<HostedServices><HostedService><Url>${root}/${subscriptionId}/services/hostedservices/Shop</Url><ServiceName>Shop</ServiceName></HostedService></HostedServices><StorageServices/>${capacity}</AffinityGroup>`,
  )
  const unknown = await house.ask('GET', '/affinitygroups/west')
  assertFault(unknown, 404, 'ResourceNotFound', /^The affinity group does not exist\.$/)
  const bad = await house.ask('POST', '/affinitygroups', { body: create.replace('East', 'a b') })
  assertFault(bad, 400, 'BadRequest', /^The affinity group name is invalid\.$/)
  const nowhere = await house.ask('POST', '/affinitygroups', { body: create.replace('anywhere us', 'Atlantis') })
  assertFault(nowhere, 400, 'BadRequest', /"Atlantis" is not known here/)
})

test('A service is created in an affinity group instead of a location (C-1)', async () => {
  const body = `<CreateHostedService xmlns="${namespace}"><ServiceName>x</ServiceName><Label>eA==</Label><AffinityGroup>East</AffinityGroup></CreateHostedService>`
  assert.equal((await house.ask('POST', '/services/hostedservices', { body })).status, 201)
  const made = { kind: 'createService', service: 'x', label: 'eA==', affinityGroup: 'East', extendedProperties: {} }
  assert.deepEqual(script.commands[0]?.command, made)
})

test('Neither passwords nor keys are in any file that the front end writes (design.md 8)', async () => {
  const body = certificateFile(`<Data>${pfx}</Data><Password>open sesame</Password>`)
  assert.equal((await house.ask('POST', `${shop}/certificates`, { body })).status, 400)
  for (const name of ['audit.jsonl', 'RDFE.log'])
    assert.doesNotMatch(readFileSync(`${house.directory}/${name}`, 'utf8'), /sesame|PRIVATE KEY|the storage key/)
})

function assertFault(answer: Answered, status: number, code: string, message: RegExp): void {
  const read = errorDocument.read(answer.body)
  assert.ok(read.ok, answer.body)
  assert.deepEqual({ status: answer.status, code: read.value.code }, { status, code }, read.value.message)
  assert.match(read.value.message, message)
}
