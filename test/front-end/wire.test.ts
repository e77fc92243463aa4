import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { base64OfText, bytesOfBase64, canonicalBase64 } from '../../src/front-end/contract/base64.ts'
import { createDeployment, updateDeploymentStatus } from '../../src/front-end/contract/wire/deployment-requests.ts'
import { errorDocument } from '../../src/front-end/contract/wire/error.ts'
import { createHostedService } from '../../src/front-end/contract/wire/hosted-service-requests.ts'
import { operationDocument } from '../../src/front-end/contract/wire/operation.ts'
import { logDocument } from '../../src/front-end/contract/wire/reddog.ts'

const namespace = 'http://schemas.microsoft.com/windowsazure'
const head = `xmlns="${namespace}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"`

test('Answers have no declaration, no white space, both namespaces in order, and no empty optional element (R-26 to R-28)', () => {
  assert.equal(
    errorDocument.write({ code: 'BadRequest', message: 'a < b & "c"' }),
    `<Error ${head}><Code>BadRequest</Code><Message>a &lt; b &amp; "c"</Message></Error>`,
  )
  const id = '01234567-89ab-cdef-0123-456789abcdef'
  assert.equal(
    operationDocument.write({ id, status: 'InProgress' }),
    `<Operation ${head}><ID>${id}</ID><Status>InProgress</Status></Operation>`,
  )
  assert.equal(
    operationDocument.write({ id, status: 'Failed', httpStatusCode: 400, error: { code: 'BadRequest', message: '' } }),
    `<Operation ${head}><ID>${id}</ID><Status>Failed</Status><HttpStatusCode>400</HttpStatusCode><Error><Code>BadRequest</Code><Message/></Error></Operation>`,
  )
})

test('Text that XML cannot hold, as a crashing program may print it, does not spoil an answer', () => {
  const written = errorDocument.write({ code: 'X', message: 'a\u0000b\u001b[0m\ud800' })
  assert.deepEqual(errorDocument.read(written), { ok: true, value: { code: 'X', message: 'a\ufffdb\ufffd[0m\ufffd' } })
})

test('A piece of a log travels as it is', () => {
  const log = {
    logicalPath: 'C:\\Logs\\x.log',
    realPath: '/x',
    nextOffset: 9,
    known: [],
    text: ' \u001b[31mred\u0000\n',
  }
  assert.deepEqual(logDocument.read(logDocument.write(log)), { ok: true, value: log })
})

/** What a body may look like and still be read. */
const tolerated: Readonly<Record<string, string>> = {
  'plain form': `<UpdateDeploymentStatus xmlns="${namespace}"><Status>Suspended</Status></UpdateDeploymentStatus>`,
  'byte order mark and declaration': `\uFEFF<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n<UpdateDeploymentStatus xmlns="${namespace}">\n  <Status>Suspended</Status>\n</UpdateDeploymentStatus>`,
  prefix: `<wa:UpdateDeploymentStatus xmlns:wa="${namespace}"><wa:Status>Suspended</wa:Status></wa:UpdateDeploymentStatus>`,
  'https spelling of the pages': `<UpdateDeploymentStatus xmlns="https://schemas.microsoft.com/windowsazure"><Status>Suspended</Status></UpdateDeploymentStatus>`,
  'other case and white space': `<UpdateDeploymentStatus xmlns="${namespace}"><Status> SUSPENDED\n</Status></UpdateDeploymentStatus>`,
  'unknown and foreign elements': `<UpdateDeploymentStatus xmlns="${namespace}" xmlns:x="urn:x"><Colour/><x:Status>Running</x:Status><Status>Suspended</Status></UpdateDeploymentStatus>`,
  'repeated element, the last one counts': `<UpdateDeploymentStatus xmlns="${namespace}"><Status>Running</Status><Status>Suspended</Status></UpdateDeploymentStatus>`,
}
for (const [what, body] of Object.entries(tolerated))
  test(`A body is read: ${what}`, () => {
    assert.deepEqual(updateDeploymentStatus.read(new TextEncoder().encode(body)), {
      ok: true,
      value: { status: 'Suspended' },
    })
  })

/** What is refused, with which code. */
const refused: readonly (readonly [what: string, body: string | Uint8Array, code: string])[] = [
  ['not well-formed', '<UpdateDeploymentStatus', 'InvalidXmlRequest'],
  ['another root', `<Swap xmlns="${namespace}"/>`, 'InvalidXmlRequest'],
  ['no namespace', '<UpdateDeploymentStatus><Status>Running</Status></UpdateDeploymentStatus>', 'InvalidXmlRequest'],
  ['a DTD', `<!DOCTYPE a><UpdateDeploymentStatus xmlns="${namespace}"/>`, 'InvalidXmlRequest'],
  [
    'an entity',
    `<UpdateDeploymentStatus xmlns="${namespace}"><Status>&x;</Status></UpdateDeploymentStatus>`,
    'InvalidXmlRequest',
  ],
  ['bytes that are no UTF-8', Uint8Array.of(0x3c, 0xff, 0xfe), 'InvalidXmlRequest'],
  ['no text at all', '', 'InvalidXmlRequest'],
  ['a missing element', `<UpdateDeploymentStatus xmlns="${namespace}"/>`, 'BadRequest'],
  ['a nil element', `<UpdateDeploymentStatus ${head}><Status i:nil="true"/></UpdateDeploymentStatus>`, 'BadRequest'],
  [
    'an unknown word',
    `<UpdateDeploymentStatus xmlns="${namespace}"><Status>Asleep</Status></UpdateDeploymentStatus>`,
    'BadRequest',
  ],
]
for (const [what, body, code] of refused)
  test(`A body is refused: ${what} is ${code}`, () => {
    const read = updateDeploymentStatus.read(body)
    assert.equal(read.ok ? 'read' : read.fault.code, code)
  })

test('A package address with a signature may hold bare ampersands, and nothing else changes (R-16)', () => {
  const body = `<CreateDeployment xmlns="${namespace}"><!-- a & b --><Name>R&amp;D &#38; co</Name><PackageUrl>https://a/p?sv=1&sig=a%2Bb&amp;se=2</PackageUrl><Label>bA==</Label><Configuration><![CDATA[YQ==]]></Configuration></CreateDeployment>`
  const read = createDeployment.read(body)
  assert.ok(read.ok)
  assert.equal(read.value.packageUrl, 'https://a/p?sv=1&sig=a%2Bb&se=2')
  assert.equal(read.value.name, 'R&D & co')
  assert.equal(read.value.configuration, 'YQ==')
  assert.equal(read.value.startDeployment, false)
})

test('A property that is nil is deleted; one with an empty value is not (R-18)', () => {
  const body = `<CreateHostedService xmlns="${namespace}" xmlns:x="http://www.w3.org/2001/XMLSchema-instance"><Label>bA==</Label><ExtendedProperties><ExtendedProperty><Name>a</Name><Value x:nil="true"/></ExtendedProperty><ExtendedProperty><Value/><Name>b</Name></ExtendedProperty></ExtendedProperties><ServiceName>s</ServiceName></CreateHostedService>`
  const read = createHostedService.read(body)
  assert.ok(read.ok)
  assert.deepEqual(read.value.extendedProperties, [
    { name: 'a', value: undefined },
    { name: 'b', value: '' },
  ])
})

test('Whatever is written is read back the same', () => {
  // The characters that XML can hold; text is trimmed when it is read.
  const text = fc
    .string({ unit: 'binary' })
    .map((found) => found.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/gu, '').trim())
  const property = fc.record({ name: text, value: fc.option(text, { nil: undefined }) }, { noNullPrototype: true })
  const label = text.map((found) => base64OfText(`l${found}`.slice(0, 100).toWellFormed()))
  const maybe = fc.option(text, { nil: undefined })
  const request = fc.record(
    {
      serviceName: text,
      label,
      description: maybe,
      location: maybe,
      affinityGroup: maybe,
      extendedProperties: fc.array(property),
      reverseDnsFqdn: maybe,
    },
    { noNullPrototype: true },
  )
  fc.assert(
    fc.property(request, (value) => {
      assert.deepEqual(createHostedService.read(createHostedService.write(value)), { ok: true, value })
    }),
  )
})

/** The same bytes, as clients of other makes write them: R-23 and RFC 4648 3.5. */
for (const [what, written] of [
  ['as it should be', 'ZGV2MQ=='],
  ['without padding', 'ZGV2MQ'],
  ['with bits set behind the last byte', 'ZGV2MR=='],
  ['in lines', '\r\n ZGV2\n\tMQ==\n'],
] as const)
  test(`A label that comes ${what} is kept as it should be (R-23)`, () => {
    const body = `<CreateHostedService xmlns="${namespace}"><ServiceName>s</ServiceName><Label>${written}</Label></CreateHostedService>`
    const read = createHostedService.read(body)
    assert.equal(read.ok && read.value.label, 'ZGV2MQ==')
  })

test('Base64 that is read in any form is kept in the one that every reader takes (R-23)', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('A', 'Q', 'g', 'w', '+', '/', '=', ' ', '\n') }), (given) => {
      const bytes = bytesOfBase64(given)
      if (!bytes) return
      const kept = canonicalBase64(bytes)
      assert.match(kept, /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/)
      assert.deepEqual(Buffer.from(kept, 'base64'), Buffer.from(bytes))
      assert.equal(Buffer.from(bytes).toString('base64'), kept)
    }),
  )
})
