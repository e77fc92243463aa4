/** What RFC 9112 says of a connection, beside what it says of a request: order, form of the target, and how it ends. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { connect, type TLSSocket } from 'node:tls'
import { until } from '../until.ts'
import { startFrontEnd, subscriptionId } from './front-end-process.ts'
import { type Script, serviceView } from './scripted-controller.ts'

const script: Script = { views: {}, commands: [] }
const house = await startFrontEnd({ after }, script)
const services = `/${subscriptionId}/services/hostedservices`
const version = 'x-ms-version: 2014-10-01'
const limitBytes = 10 * 1024 * 1024

test('Requests of one connection are done one after the other, so that a change waits for what was sent before it (9.3.2)', async () => {
  let asked = false
  let release = () => {}
  script.views.service = () => {
    asked = true
    return new Promise((resolve) => {
      release = () => resolve(serviceView({ name: 'shop' }))
    })
  }
  const socket = open()
  send(socket, `GET ${services}/shop HTTP/1.1`, 'Host: here', version, '')
  send(socket, `DELETE ${services}/shop HTTP/1.1`, 'Host: here', version, 'Connection: close', '')
  await until(() => asked, 'the first request is at the controller')
  assert.equal((await house.ask('DELETE', '/services/hostedservices/other')).status, 200)
  assert.deepEqual(script.commands.map(serviceIn), ['other'])
  release()
  assert.deepEqual(statuses(await received(socket)), ['200', '200'])
  assert.deepEqual(script.commands.map(serviceIn), ['other', 'shop'])
})

for (const [target, base] of [
  [`https://api.example:8443${services}`, 'https://api.example:8443'],
  [services, 'https://here'],
] as const)
  test(`The target ${target.slice(0, 20)}… is read, and addresses in the answer begin with ${base} (3.2.2)`, async () => {
    script.views.services = () => [serviceView({ name: 'shop' })]
    const socket = open()
    send(socket, `GET ${target} HTTP/1.1`, 'Host: here', version, 'Connection: close', '')
    const answer = await received(socket)
    assert.match(answer, /^HTTP\/1\.1 200 /)
    assert.ok(answer.includes(`<Url>${base}${services}/shop</Url>`), answer)
  })

for (const [what, lines] of [
  ['a target without a host', ['GET https:///x HTTP/1.1', 'Host: here']],
  ['a target with a user', ['GET https://me@here/x HTTP/1.1', 'Host: here']],
  ['a Host header with a path', [`GET ${services} HTTP/1.1`, 'Host: here/there']],
] as const)
  test(`${what} is refused (3.2)`, async () => {
    const socket = open()
    send(socket, ...lines.map((line) => line.replace(/\/x /, `${services} `)), version, 'Connection: close', '')
    assert.match(await received(socket), /^HTTP\/1\.1 400 .*<Code>BadRequest<.* Host|^HTTP\/1\.1 400 .*The host /s)
  })

test('A body that is declared too large is answered before it comes, and not asked for (R-22)', async () => {
  const socket = open()
  send(
    socket,
    `POST ${services} HTTP/1.1`,
    'Host: here',
    version,
    `Content-Length: ${limitBytes + 1}`,
    'Expect: 100-continue',
    '',
  )
  const answer = await received(socket)
  assert.match(answer, /^HTTP\/1\.1 413 .*connection: close\r\n.*RequestEntityTooLarge/is)
})

test('A chunked body is answered as soon as it is too large, and the caller may go on writing until he has read that', async () => {
  const socket = open()
  send(socket, `POST ${services} HTTP/1.1`, 'Host: here', version, 'Transfer-Encoding: chunked', '')
  const chunk = Buffer.alloc(1024 * 1024, 0x20)
  for (let sent = 0; sent < limitBytes + 4 * chunk.length; sent += chunk.length) {
    socket.write(`${chunk.length.toString(16)}\r\n`)
    socket.write(chunk)
    socket.write('\r\n')
  }
  assert.match(await received(socket), /^HTTP\/1\.1 413 .*connection: close\r\n.*RequestEntityTooLarge/is)
})

test('The body of a caller without a certificate is not waited for, and its connection ends (R-4)', async () => {
  const socket = open(false)
  send(socket, `POST ${services} HTTP/1.1`, 'Host: here', version, 'Content-Length: 1000', 'Expect: 100-continue', '')
  assert.match(await received(socket), /^HTTP\/1\.1 403 .*connection: close\r\n.*ForbiddenError/is)
})

test('A refused verb comes with the verbs that the path takes', async () => {
  const { status, headers } = await house.ask('DELETE', '/services/hostedservices')
  assert.deepEqual([status, headers['allow']], [400, 'GET, POST'])
})

function open(withCertificate = true): TLSSocket {
  const { certificatePem: cert, keyPem: key } = house.management
  const own = withCertificate ? { cert, key } : {}
  return connect({ host: '127.0.0.1', port: house.port, ca: house.authority.certificatePem, ...own })
}

function send(socket: TLSSocket, ...lines: readonly string[]): void {
  socket.write(`${lines.join('\r\n')}\r\n`)
}

/** All that comes until the server ends its half; rejects when the connection is reset. */
async function received(socket: TLSSocket): Promise<string> {
  let text = ''
  for await (const chunk of socket.setEncoding('utf8')) text += chunk
  return text
}

function statuses(answers: string): readonly (string | undefined)[] {
  return [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)
}

function serviceIn({ command }: Script['commands'][number]): string | undefined {
  return 'service' in command ? command.service : undefined
}
