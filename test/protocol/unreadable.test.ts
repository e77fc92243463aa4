/** What is no request, or hardly one, is answered by the front end itself, never by Node. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { connect } from 'node:tls'
import { startFrontEnd, subscriptionId } from './front-end-process.ts'
import type { Script } from './scripted-controller.ts'

const script: Script = { views: {}, commands: [] }
const house = await startFrontEnd({ after }, script)
const path = `/${subscriptionId}/locations`
const version = 'x-ms-version: 2014-10-01'
const host = 'Host: here'
const padding = `X-Padding: ${'x'.repeat(20_000)}`

for (const [what, sent, status, code, message] of [
  ['a line that is no request', ['NONSENSE'], 400, 'BadRequest', /cannot be read as an HTTP\/1\.1 request: .*method/],
  ['CONNECT', ['CONNECT here:443 HTTP/1.1', host], 400, 'BadRequest', /CONNECT is for proxies/],
  ['another version of HTTP', [`GET ${path} HTTP/2.5`, host], 400, 'BadRequest', /Invalid HTTP version/],
  ['headers over 16 KiB', [`GET ${path} HTTP/1.1`, host, padding], 431, 'RequestHeaderFieldsTooLarge', /16 KiB/],
  ['no Host', [`GET ${path} HTTP/1.1`, version], 400, 'BadRequest', /no Host header/],
  [
    'a body that is not chunked as it says',
    [
      `POST /${subscriptionId}/services/hostedservices HTTP/1.1`,
      host,
      version,
      'Transfer-Encoding: chunked',
      '',
      'zzz',
    ],
    400,
    'BadRequest',
    /cannot be read/,
  ],
] as const)
  test(`${what} gets ${status} with a request ID and an error body, and is audited (R-25)`, async () => {
    const { head, body } = parted(await exchange([...sent, 'Connection: close']))
    assert.match(head, new RegExp(`^HTTP/1\\.1 ${status} `))
    assert.match(body, new RegExp(`^<Error xmlns=.*<Code>${code}</Code><Message>.*</Message></Error>$`))
    assert.match(body, message)
    const [, id] = /^x-ms-request-id: ([0-9a-f]{32})\r$/m.exec(head) ?? []
    for (const header of ['x-ms-servedbyregion: reddog', 'cache-control: no-cache', `content-length: ${body.length}`])
      assert.ok(head.toLowerCase().includes(`\r\n${header}`), header)
    const line = house.auditLines().find(({ requestId }) => requestId === id)
    assert.deepEqual([line?.['thumbprint'], line?.['outcome']], [house.management.thumbprint, `${status} ${code}`])
  })

test('An expectation that nobody knows is ignored (R-6)', async () => {
  const { head, body } = parted(
    await exchange([`GET ${path} HTTP/1.1`, host, version, 'Expect: miracles', 'Connection: close']),
  )
  assert.match(head, /^HTTP\/1\.1 200 /)
  assert.match(body, /^<Locations /)
})

test('What follows a request on its connection does not spoil the answer to it', async () => {
  const answers = await exchange([`GET ${path} HTTP/1.1`, host, version, '', 'NONSENSE'])
  assert.deepEqual(
    [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status),
    ['200', '400'],
  )
  assert.match(answers, /<\/Locations>HTTP\/1\.1 400 /)
})

/** Everything that comes back for these lines, until the server ends the connection. */
async function exchange(lines: readonly string[]): Promise<string> {
  const { certificatePem: cert, keyPem: key } = house.management
  const socket = connect({ host: '127.0.0.1', port: house.port, ca: house.authority.certificatePem, cert, key })
  socket.setEncoding('utf8').write(`${lines.join('\r\n')}\r\n\r\n`)
  let received = ''
  for await (const chunk of socket) received += chunk
  return received
}

function parted(answer: string): { readonly head: string; readonly body: string } {
  const [head = '', body = ''] = answer.split(/\r\n\r\n(.*)/s)
  return { head: `${head}\r\n`, body }
}
