/** What programs answer is compressed where the site asks for it, and for whom it may be (I-28). */
import assert from 'node:assert/strict'
import http from 'node:http'
import { after, before, describe, it } from 'node:test'
import { brotliDecompressSync, createGunzip, gunzipSync } from 'node:zlib'
import { listenerFields, writeRequestFacts } from '../../../src/role/contract/web-request.ts'
import { startWorker, type Worker, webConfig } from './worker.ts'

const long = 'a word '.repeat(1_000)

/** Answers with the fields and the status that the query names. */
const program = `require('http').createServer((request, response) => {
  const query = new URL(request.url, 'http://x').searchParams
  if (query.get('slow')) {
    response.setHeader('content-type', 'text/plain')
    return response.write('the first line')
  }
  response.statusCode = Number(query.get('status') ?? 200)
  for (const [name, value] of query) if (name !== 'status') response.setHeader(name, value)
  response.end('a word '.repeat(1_000))
}).listen(process.env.PORT)`

const site = (urlCompression: string, more = '') => ({
  files: {
    'app.js': program,
    ...webConfig(
      `<handlers><add name="node" path="app.js" verb="*" modules="iisnode"/></handlers>${urlCompression}${more}`,
    ),
  },
})

const sites = [
  site('<urlCompression doDynamicCompression="true"/>'),
  site(''),
  site(
    '<urlCompression doDynamicCompression="true"/>',
    '<httpCompression><scheme name="br"/><dynamicTypes><add mimeType="text/*" enabled="false"/><add mimeType="application/x-own" enabled="true"/></dynamicTypes></httpCompression>',
  ),
]

interface Seen {
  readonly headers: http.IncomingHttpHeaders
  readonly body: Buffer
}

/** Sites, what is asked beside text/plain, request headers, the coding. */
const rows: readonly (readonly [string, number, string, Readonly<Record<string, string>>, string | undefined])[] = [
  ['text for who takes it', 1, '', {}, 'gzip'],
  ['JSON', 1, '&content-type=application/json', {}, 'gzip'],
  ['an error of the program', 1, '&status=409', {}, 'gzip'],
  ['text for who takes none', 1, '', { 'accept-encoding': 'identity' }, undefined],
  ['a picture', 1, '&content-type=image/png', {}, undefined],
  ['what is coded already', 1, '&content-encoding=deflate', {}, 'deflate'],
  ['an event stream', 1, '&content-type=text/event-stream', {}, undefined],
  ['what may not be changed', 1, '&cache-control=private,%20no-transform', {}, undefined],
  ['a part', 1, '&status=206', {}, undefined],
  ['what a range was asked of', 1, '', { range: 'bytes=0-' }, undefined],
  ['a site that does not ask for it', 2, '', {}, undefined],
  ['a type that is switched off', 3, '', { 'accept-encoding': 'br' }, undefined],
  [
    'a type that is switched on, in the coding of an own scheme',
    3,
    '&content-type=application/x-own',
    { 'accept-encoding': 'br' },
    'br',
  ],
]

describe('what a program answers', () => {
  let worker: Worker
  before(async () => {
    worker = await startWorker(sites)
  })
  after(() => worker.close())

  function request(site: number, path: string, headers: Readonly<Record<string, string>>, method = 'GET') {
    const remote = { address: '203.0.113.7', port: 40_000 }
    const local = { address: '10.0.0.4', port: 80 }
    const facts = writeRequestFacts({ site, remote, local, isSecure: false, protocol: 'HTTP/1.1' })
    const fields = { host: 'a', 'accept-encoding': 'gzip', ...headers, [listenerFields.request]: facts }
    return http.request({ socketPath: worker.socket, path, method, headers: fields, agent: false })
  }

  const ask = (...asked: Parameters<typeof request>) =>
    new Promise<Seen>((resolve, reject) => {
      const sent = request(...asked).once('error', reject)
      sent.once('response', (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.once('end', () => resolve({ headers: answer.headers, body: Buffer.concat(parts) }))
      })
      sent.end()
    })

  for (const [what, site, query, headers, coding] of rows)
    it(`${what}: ${coding ?? 'as it is'}`, async () => {
      const seen = await ask(site, `/app.js?content-type=text/plain${query}`, headers)
      assert.equal(seen.headers['content-encoding'], coding)
      const isOurs = coding === 'gzip' || coding === 'br'
      assert.equal(seen.headers['content-length'] === undefined, isOurs)
      const body =
        coding === 'gzip' ? gunzipSync(seen.body) : coding === 'br' ? brotliDecompressSync(seen.body) : seen.body
      assert.equal(body.toString(), long)
    })

  it('has a weak tag once it is compressed, and tells caches of it, who was not sent it compressed too', async () => {
    const tagged = '/app.js?content-type=text/plain&etag="x"&accept-ranges=bytes'
    const { headers } = await ask(1, tagged, {})
    assert.deepEqual([headers.etag, headers.vary, headers['accept-ranges']], ['W/"x"', 'Accept-Encoding', undefined])
    const plain = await ask(1, tagged, { 'accept-encoding': 'identity' })
    assert.deepEqual([plain.headers.etag, plain.headers.vary], ['"x"', 'Accept-Encoding'])
    const own = await ask(1, `${tagged}&vary=Origin,%20Accept-Encoding`, {})
    assert.equal(own.headers.vary, 'Origin, Accept-Encoding')
    const head = await ask(1, tagged, {}, 'HEAD')
    for (const name of ['content-encoding', 'etag', 'vary', 'content-length'])
      assert.equal(head.headers[name], headers[name], `${name} of HEAD is that of GET`)
  })

  it('comes as the program writes it', async () => {
    const asked = request(1, '/app.js?slow=1', {})
    const line = await new Promise((resolve) => {
      asked.once('response', (answer) => answer.pipe(createGunzip()).once('data', resolve))
      asked.end()
    })
    assert.equal(String(line), 'the first line')
    asked.destroy()
  })
})
