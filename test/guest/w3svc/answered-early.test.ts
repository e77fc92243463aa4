/** Requests that are answered while their client still writes: it gets the answer, and nothing waits for the rest of its body (I-57). */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { createConnection } from 'node:net'
import { describe, it } from 'node:test'
import { issueCertificate, makeAuthority } from '../../../src/machine/certificates/authority.ts'
import { until } from '../../until.ts'
import { type ListenerOptions, startListener } from './listener.ts'

const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
/** More than the buffers of all that lie between hold. */
const chunks = 400

/** A w3wp that refuses a body of more than a megabyte; of others it tells the length. */
function refusing() {
  const closed: boolean[] = []
  const answer: ListenerOptions['answer'] = (request, response) => {
    let length = 0
    request.socket.once('close', () => closed.push(true))
    request.on('data', (part: Buffer) => {
      length += part.length
      if (length <= 1_000_000 || response.writableEnded) return
      response.writeHead(413, { 'Content-Length': '8' }).end('too long')
    })
    request.on('end', () => response.writableEnded || response.end(`${length} bytes`))
  }
  return { answer, closed }
}

/** Writes all of a long body, whatever comes back meanwhile, and only then looks at it, as simple clients do. */
async function writeAll(port: number, fields: string, after = '') {
  const socket = createConnection({ port, host: '127.0.0.1', allowHalfOpen: true })
  let [read, error] = ['', '']
  socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => {
    error = code
  })
  const write = (text: string) => new Promise<void>((resolve) => socket.write(text, () => resolve()))
  await write(`POST / HTTP/1.1\r\nHost: a\r\n${fields}Transfer-Encoding: chunked\r\n\r\n`)
  for (let sent = 0; sent < chunks && !socket.destroyed; sent += 1) await write(chunk)
  await write(`0\r\n\r\n${after}`)
  socket.setEncoding('latin1').on('data', (part: string) => {
    read += part
  })
  socket.once('end', () => socket.end())
  await once(socket, 'close')
  return { read, error }
}

describe('a client that writes on after the answer', () => {
  it('reads it on a connection that ends with it, and w3wp is rid of the request', async (t) => {
    const { answer, closed } = refusing()
    const listener = await startListener({ answer })
    t.after(() => listener.end())
    const { read, error } = await writeAll(listener.port, 'Connection: close\r\n')
    assert.equal(error, '')
    assert.match(read, /^HTTP\/1\.1 413 [^]*too long$/)
    await until(() => closed.length === 1, 'w3wp is rid of it')
    assert.match(listener.webLog()[0] ?? '', / 413 0 0 /)
  })

  it('reads it on one that stays, and is answered again there', async (t) => {
    const listener = await startListener({ answer: refusing().answer })
    t.after(() => listener.end())
    const next = 'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\nab'
    const { read, error } = await writeAll(listener.port, '', next)
    assert.equal(error, '')
    assert.match(read, /^HTTP\/1\.1 413 [^]*too longHTTP\/1\.1 200 OK[^]*2 bytes$/)
  })

  it('reads what the listener says of bytes that are no request, with many more behind them', async (t) => {
    const listener = await startListener()
    t.after(() => listener.end())
    const { read, error } = await writeAll(listener.port, 'Content-Length: 1\r\n')
    assert.equal(error, '')
    assert.match(read, /^HTTP\/1\.1 400 /)
    assert.equal(listener.errorLog().length, 1)
  })

  it('reads the answer that was on its way when it wrote what is no request, in however many pieces, and then what the listener says of them', async (t) => {
    const waiting: (() => void)[] = []
    const listener = await startListener({ answer: (_request, response) => waiting.push(() => response.end('slow')) })
    t.after(() => listener.end())
    const socket = createConnection({ port: listener.port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
    let [read, error] = ['', '']
    socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => {
      error = code
    })
    socket.write('GET /slow HTTP/1.1\r\nHost: a\r\n\r\n')
    await until(() => waiting.length === 1, 'w3wp has the request')
    for (let piece = 0; piece < 200 && !socket.destroyed; piece += 1) {
      await new Promise<void>((resolve) => socket.write(`${'no request at all'.repeat(100)}\r\n\r\n`, () => resolve()))
      await new Promise((resolve) => setImmediate(resolve))
      if (piece === 20) waiting[0]?.()
    }
    socket.setEncoding('latin1').on('data', (part: string) => {
      read += part
    })
    socket.once('end', () => socket.end())
    await once(socket, 'close')
    assert.equal(error, '')
    assert.match(read, /^HTTP\/1\.1 200 [^]*slowHTTP\/1\.1 400 /)
    assert.equal(listener.errorLog().length, 1)
  })

  it('is told by HTTP/2 that its body is not wanted, after the answer (RFC 9113, 8.1)', async (t) => {
    const { certificatePem: cert, keyPem: key } = issueCertificate(makeAuthority('A root'), {
      commonName: 'a',
      usage: 'server',
      hosts: ['a'],
    })
    const { answer, closed } = refusing()
    const bindings = [{ protocol: 'https', certificate: 'ONE' }] as const
    const listener = await startListener({ answer, bindings, certificates: { ONE: { cert, key } } })
    t.after(() => listener.end())
    const session = connectHttp2(`https://127.0.0.1:${listener.port}`, { rejectUnauthorized: false })
    t.after(() => session.destroy())
    const stream = session.request({ ':method': 'POST', ':path': '/' })
    let [status, body] = [0, '']
    stream.on('error', () => {})
    stream.on('response', (headers) => {
      status = Number(headers[':status'])
    })
    stream.setEncoding('utf8').on('data', (part: string) => {
      body += part
    })
    const closing = once(stream, 'close')
    for (let sent = 0; sent < chunks && !stream.closed; sent += 1)
      await Promise.race([new Promise<void>((resolve) => stream.write(chunk, () => resolve())), closing])
    await closing
    assert.deepEqual([status, body, stream.rstCode], [413, 'too long', 0])
    await until(() => closed.length === 1, 'w3wp is rid of it')
  })
})
