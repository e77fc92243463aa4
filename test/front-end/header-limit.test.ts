/** The API's server takes headers up to the limit that it is given, not up to Node's. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connect } from 'node:tls'
import { issueCertificate, makeAuthority } from '../../src/machine/certificates/authority.ts'
import { serveApi } from '../../src/machine/http/serve-api.ts'

const authority = makeAuthority('fabric')
const { certificatePem: cert, keyPem: key } = issueCertificate(authority, {
  commonName: 'api',
  usage: 'server',
  hosts: ['127.0.0.1'],
})

test('Headers over the limit get the answer to them, and those below reach the API (R-25)', async (t) => {
  const server = await serveApi({
    address: '127.0.0.1',
    port: 0,
    certificate: { cert, key },
    bodyLimitBytes: 0,
    headerLimitBytes: 4096,
    answer: async () => ({ status: 200, headers: {}, body: 'a request' }),
    unreadable: ({ kind }) => ({ status: 431, headers: {}, body: kind }),
  })
  t.after(() => server.close())
  const ask = async (paddingBytes: number) => {
    const socket = connect({ host: '127.0.0.1', port: server.port, ca: authority.certificatePem })
    const lines = ['GET / HTTP/1.1', 'Connection: close', `X-Padding: ${'x'.repeat(paddingBytes)}`]
    socket.setEncoding('utf8').write(`${lines.join('\r\n')}\r\n\r\n`)
    let received = ''
    for await (const chunk of socket) received += chunk
    return received
  }
  assert.match(await ask(3000), /^HTTP\/1\.1 200 .*a request/s)
  assert.match(await ask(5000), /^HTTP\/1\.1 431 .*headersTooLarge/s)
})
