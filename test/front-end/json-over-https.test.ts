import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import type { Log } from '../../src/kernel/log.ts'
import { contractVersion } from '../../src/kernel/version.ts'
import { issueCertificate, makeAuthority } from '../../src/machine/certificates/authority.ts'
import type { KeyAndCertificate } from '../../src/machine/certificates/key-and-certificate.ts'
import { openJsonClient } from '../../src/machine/http/json-client.ts'
import { type JsonRoute, serveJson } from '../../src/machine/http/serve-json.ts'
import type { TlsMaterial } from '../../src/machine/http/tls.ts'

const authority = makeAuthority('fabric')
const loopback = ['127.0.0.1']
const controller = tlsOf(issueCertificate(authority, { commonName: 'controller', usage: 'server', hosts: loopback }))
const frontEnd = tlsOf(issueCertificate(authority, { commonName: 'front-end', usage: 'client' }))
const host = tlsOf(issueCertificate(authority, { commonName: 'host:h1', usage: 'client' }))
const timeoutMs = 10_000

const directory = mkdtempSync(join(tmpdir(), 'reddog-http-'))
after(() => rmSync(directory, { recursive: true }))

test('A caller is known by the common name of its certificate and gets JSON for JSON', async (t) => {
  const { ask } = await house(t, [
    route('POST', '/echo', async ({ peer, body, query }) => ({ json: { peer, body, q: query.get('q') } })),
    route('POST', '/nothing', async () => undefined),
  ])
  assert.deepEqual(await ask('/echo?q=a+b', { body: { n: 1 } }), {
    ok: true,
    status: 200,
    value: { peer: 'front-end', body: { n: 1 }, q: 'a b' },
  })
  assert.deepEqual(await ask('/nothing', { body: {} }), { ok: true, status: 204, value: undefined })
})

test('A caller of a release that is two contracts away is refused by a sentence; one that says no contract is of before there was one', async (t) => {
  const { url } = await house(t, [route('GET', '/x', async () => ({ json: 1 }))])
  const ask = async (headers: Readonly<Record<string, string>>) => {
    const sent = request(`${url}/x`, { ...frontEnd, headers, agent: false }).end()
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    return { status: answer.statusCode, text: await text(answer) }
  }
  assert.deepEqual(await ask({}), { status: 200, text: '1' })
  assert.deepEqual(await ask({ 'reddog-contract': String(contractVersion + 1) }), { status: 200, text: '1' })
  const refused = await ask({ 'reddog-contract': String(contractVersion + 2) })
  assert.equal(refused.status, 426)
  assert.match(refused.text, /parts understand each other when they differ by one at most/)
})

test('A party that a route does not allow is refused by name', async (t) => {
  const { url } = await house(t, [
    { ...route('GET', '/secret', async () => ({ json: 1 })), allows: (p) => p === 'front-end' },
  ])
  const client = openJsonClient(host)
  t.after(() => client.close())
  const reply = await client.request({ url: `${url}/secret`, timeoutMs })
  assert.equal(reply.status, 403)
  assert.match(reply.ok ? '' : reply.fault.message, /"host:h1" may not call GET \/secret/)
})

test('Nobody gets in with a certificate of another authority, and no host can pass for the controller', async (t) => {
  const stranger = makeAuthority('stranger')
  const forged = issueCertificate(stranger, { commonName: 'front-end', usage: 'client' })
  const { url } = await house(t, [route('GET', '/x', async () => ({ json: 1 }))])
  const intruder = openJsonClient({ ...tlsOf(forged), ca: frontEnd.ca })
  const impostor = await serveJson({ address: '127.0.0.1', port: 0, tls: host, routes: [], log: silent })
  const honest = openJsonClient(frontEnd)
  t.after(() => {
    intruder.close()
    honest.close()
    return impostor.close()
  })
  assert.equal((await intruder.request({ url: `${url}/x`, timeoutMs })).status, 0)
  const reply = await honest.request({ url: `https://127.0.0.1:${impostor.port}/x`, timeoutMs })
  assert.equal(reply.status, 0)
  assert.match(
    reply.ok ? '' : reply.fault.message,
    /the certificate is not trusted \((?:INVALID_PURPOSE|ERR_TLS_CERT_ALTNAME_INVALID)\)/,
  )
})

test('What a handler throws is logged and answered without its stack', async (t) => {
  const logged: string[] = []
  const log = { ...silent, error: (line: string) => void logged.push(line) }
  const { ask } = await house(t, [route('GET', '/bad', () => Promise.reject(new Error('disk of glass')))], { log })
  const reply = await ask('/bad')
  assert.equal(reply.status, 500)
  assert.doesNotMatch(JSON.stringify(reply), /glass/)
  assert.match(logged.join(), /GET \/bad.*disk of glass/s)
})

test('Bodies that are too large or no JSON are refused', async (t) => {
  const { ask } = await house(t, [route('POST', '/in', async () => undefined)], { bodyLimitBytes: 1000 })
  assert.equal((await ask('/in', { body: 'x'.repeat(2000) })).status, 413)
})

test('A held call ends when the caller goes away and when the server closes', async (t) => {
  const held: AbortSignal[] = []
  let arrived = Promise.withResolvers<void>()
  const hold = route('GET', '/poll', async ({ signal }) => {
    held.push(signal)
    arrived.resolve()
    await once(signal, 'abort')
    return undefined
  })
  const { ask, server } = await house(t, [hold])
  const leaving = new AbortController()
  const first = ask('/poll', { signal: leaving.signal })
  await arrived.promise
  leaving.abort()
  assert.equal((await first).status, 0)
  if (!held[0]?.aborted) await once(held[0] as AbortSignal, 'abort')
  arrived = Promise.withResolvers<void>()
  const second = ask('/poll')
  await arrived.promise
  await server.close()
  assert.deepEqual(await second, { ok: true, status: 204, value: undefined })
})

test('A file is streamed whole from a path below a prefix', async (t) => {
  const file = join(directory, 'package')
  writeFileSync(file, Buffer.alloc(3_000_000, 7))
  const { client, url } = await house(t, [
    route('GET', '/packages/', async ({ rest }) =>
      rest === 'a b' ? { file } : { refused: { code: 'ResourceNotFound', message: rest }, status: 404 },
    ),
  ])
  let size = 0
  for await (const chunk of await client.open({ url: `${url}/packages/a%20b`, timeoutMs }))
    size += (chunk as Buffer).length
  assert.equal(size, 3_000_000)
  await assert.rejects(client.open({ url: `${url}/packages/c`, timeoutMs }), /HTTP 404/)
})

test('No answer is a value that says where and why', async (t) => {
  const client = openJsonClient(frontEnd)
  const mute = createServer().listen(0, '127.0.0.1')
  await once(mute, 'listening')
  t.after(() => mute.close())
  const { port } = mute.address() as { port: number }
  const silence = await client.request({ url: `https://127.0.0.1:${port}/`, timeoutMs: 200 })
  assert.match(silence.ok ? '' : silence.fault.message, /no answer within 200 ms/)
  await assert.rejects(
    serveJson({ address: '127.0.0.1', port, tls: controller, routes: [], log: silent }),
    /another process listens there already/,
  )
  client.close()
})

test('A kept connection that the server dropped is replaced without the caller noticing', async (t) => {
  const { ask, server, client, url } = await house(t, [route('GET', '/x', async () => ({ json: 1 }))])
  assert.equal((await ask('/x')).status, 200)
  await server.close()
  const again = await serveJson({
    address: '127.0.0.1',
    port: server.port,
    tls: controller,
    routes: [route('GET', '/x', async () => ({ json: 2 }))],
    log: silent,
  })
  t.after(() => again.close())
  assert.deepEqual(await client.request({ url: `${url}/x`, timeoutMs }), { ok: true, status: 200, value: 2 })
})

const silent: Log = { info() {}, warn() {}, error() {} }

function tlsOf(pair: KeyAndCertificate): TlsMaterial {
  return { ca: authority.certificatePem, cert: pair.certificatePem, key: pair.keyPem }
}

function route(method: JsonRoute['method'], path: string, handle: JsonRoute['handle']): JsonRoute {
  return { method, path, handle, allows: () => true }
}

async function house(
  t: { after(end: () => unknown): void },
  routes: readonly JsonRoute[],
  more: { log?: Log; bodyLimitBytes?: number } = {},
) {
  const server = await serveJson({ address: '127.0.0.1', port: 0, tls: controller, routes, log: silent, ...more })
  const client = openJsonClient(frontEnd)
  const url = `https://127.0.0.1:${server.port}`
  t.after(async () => {
    client.close()
    await server.close()
  })
  const ask = (path: string, request: { body?: unknown; signal?: AbortSignal } = {}) =>
    client.request<unknown>({ url: url + path, timeoutMs, ...request })
  return { server, client, url, ask }
}
