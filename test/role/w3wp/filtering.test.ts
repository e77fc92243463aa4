/** What is refused before anything else looks at a request, with the sub-status that the web log has (I-29, I-56, I-57). */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Asked, startWorker, type Worker, webConfig } from './worker.ts'

const filtering = (attributes: string, content = '') =>
  webConfig(
    `<security><requestFiltering ${attributes}>${content}</requestFiltering></security><staticContent><mimeMap fileExtension="." mimeType="text/plain"/><mimeMap fileExtension=".*" mimeType="text/plain"/></staticContent>`,
  )

const files = {
  'index.html': 'home',
  plain: 'plain',
  'a b.txt': 'spaced',
  'c+d.txt': 'plus',
  'é.txt': 'accent',
  'bin/x.txt': 'bin',
  'App_Data/x.txt': 'data',
  'binary/x.txt': 'binary',
  'x.cs': 'source',
  'y.resx': 'resources',
  'y.config': 'settings',
  'constructor/__proto__.txt': 'names',
}

const sites = [
  { files: { ...files, ...filtering('') } },
  {
    files: {
      ...files,
      ...filtering(
        'allowDoubleEscaping="true" allowHighBitCharacters="false"',
        `<hiddenSegments><clear/></hiddenSegments>
         <fileExtensions><remove fileExtension=".cs"/><add fileExtension=".TXT2" allowed="false"/></fileExtensions>
         <verbs><add verb="PUT" allowed="false"/></verbs>
         <requestLimits maxAllowedContentLength="10" maxUrl="100" maxQueryString="20"><headerLimits><add header="X-Long" sizeLimit="5"/></headerLimits></requestLimits>
         <denyUrlSequences><add sequence="--"/></denyUrlSequences><denyQueryStringSequences><add sequence="drop"/></denyQueryStringSequences>
         <alwaysAllowedUrls><add url="/fine--.txt"/></alwaysAllowedUrls><alwaysAllowedQueryStrings><add queryString="drop=1"/></alwaysAllowedQueryStrings>
         <filteringRules><filteringRule name="agents"><scanHeaders><add requestHeader="User-Agent"/></scanHeaders><denyStrings><add string="badbot"/></denyStrings></filteringRule>
           <filteringRule name="txt" scanUrl="true"><appliesTo><add fileExtension=".txt"/></appliesTo><denyStrings><add string="select"/></denyStrings></filteringRule></filteringRules>`,
      ),
    },
  },
  {
    files: {
      ...files,
      ...filtering(
        '',
        `<fileExtensions allowUnlisted="false"><clear/><add fileExtension=".html" allowed="true"/></fileExtensions><verbs allowUnlisted="false"><add verb="GET" allowed="true"/></verbs>`,
      ),
    },
  },
]

const rows: readonly (readonly [site: number, url: string, code: string, asked?: Asked])[] = [
  [1, '/', '200.0'],
  [1, '/plain', '200.0'],
  [1, '/a%20b.txt', '200.0'],
  [1, '/a%2520b.txt', '404.11'],
  [1, '/c+d.txt', '404.11'],
  [1, '/c%2Bd.txt', '200.0'],
  [1, '/%C3%A9.txt', '200.0'],
  [1, '/%E9.txt', '200.0'],
  [1, '/bin/x.txt', '404.8'],
  [1, '/BIN/x.txt', '404.8'],
  [1, '/b%69n/x.txt', '404.8'],
  [1, '/bin%2fx.txt', '404.8'],
  [1, '/bin%5Cx.txt', '404.8'],
  [1, '/binary/x.txt', '200.0'],
  [1, '/binary/../bin/x.txt', '404.8'],
  [1, '//bin//x.txt', '404.8'],
  [1, '/./app_data/x.txt', '404.8'],
  [1, '/Web.config', '404.8'],
  [1, '/web.config/', '404.8'],
  [1, '/x.cs', '404.7'],
  [1, '/X.CS', '404.7'],
  [1, '/x%2Ecs', '404.7'],
  [1, '/y.resx', '404.7'],
  [1, '/x.cs/', '404.0'],
  [1, '/y.config/', '404.0'],
  [1, '/x.cs%2f', '404.0'],
  [1, '/constructor/__proto__.txt', '200.0'],
  [1, '/__proto__', '404.0'],
  [1, `/${'a'.repeat(4_100)}`, '404.14'],
  [1, `/?${'a'.repeat(2_049)}`, '404.15'],
  [1, '/', '413.1', { method: 'POST', headers: { 'content-length': '30000001' } }],
  [1, '/a%zz', '400.0'],
  [1, '/a%00.txt', '400.0'],
  [1, '/../../etc/passwd', '400.0'],
  [2, '/a%2520b.txt', '404.0'],
  [2, '/c+d.txt', '200.0'],
  [2, '/%C3%A9.txt', '404.12'],
  [2, '/bin/x.txt', '200.0'],
  [2, '/x.cs', '200.0'],
  [2, '/x.txt2', '404.7'],
  [2, '/plain', '404.6', { method: 'PUT', headers: { 'content-length': '0' } }],
  [2, '/', '413.1', { method: 'POST', body: '12345678901' }],
  [2, `/${'a'.repeat(100)}`, '404.14'],
  [2, '/?q=123456789012345678901', '404.15'],
  [2, '/', '404.10', { headers: { 'x-long': '123456' } }],
  [2, '/a--b', '404.5'],
  [2, '/fine--.txt', '404.0'],
  [2, '/?q=DROP', '404.18'],
  [2, '/?q=%64rop', '404.18'],
  [2, '/?drop=1', '200.0'],
  [2, '/', '404.19', { headers: { 'user-agent': 'a BadBot/1.0' } }],
  [2, '/select.txt', '404.19'],
  [2, '/select.html', '404.0'],
  [3, '/index.html', '200.0'],
  [3, '/plain', '404.7'],
  [3, '/a%20b.txt', '404.7'],
  [3, '/index.html', '404.6', { method: 'HEAD' }],
  [3, '/index.html', '404.6', { method: 'PROPFIND' }],
]

describe('request filtering', () => {
  let worker: Worker
  before(async () => {
    worker = await startWorker(sites)
  })
  after(() => worker.close())

  for (const [site, url, code, asked = {}] of rows)
    it(`of site ${site}: ${asked.method ?? 'GET'} ${url.slice(0, 60)} ${JSON.stringify(asked.headers ?? {})} is ${code}`, async () =>
      assert.equal((await worker.ask(url, { site, ...asked })).code, code, worker.output().slice(-2_000)))

  it('ends a body of unknown length that is longer than it may be, and lives on (I-57)', async () => {
    worker.write(2, {
      'app.js': `require('http').createServer((req, res) => req.resume().once('end', () => res.end('read'))).listen(process.env.PORT)`,
      'Web.config': `<configuration><system.webServer><handlers><add name="n" path="app.js" verb="*" modules="iisnode"/></handlers>
        <security><requestFiltering><requestLimits maxAllowedContentLength="10"/></requestFiltering></security></system.webServer></configuration>`,
    })
    const chunked = { 'transfer-encoding': 'chunked' }
    const short = { site: 2, method: 'POST', headers: chunked, body: '1234567890' }
    assert.equal((await worker.ask('/app.js', short)).body, 'read')
    // Of a long one the client may still be writing when it is refused, and see that before the answer.
    assert.equal((await worker.ask('/app.js', { ...short, body: 'x'.repeat(1_000) })).code, '413.1')
    assert.equal((await worker.ask('/app.js', short)).body, 'read')
  })

  it('a client that waits to be told to send is told so when its body is read, and not when it is refused before', async () => {
    const curl = (path: string, body: string) =>
      worker.curl(path, '-i', '-H', 'Expect: 100-continue', '--expect100-timeout', '20', '-d', body)
    worker.write(1, {
      'read.js': `require('http').createServer((req, res) => req.on('data', () => {}).on('end', () => res.end('read'))).listen(process.env.PORT)`,
      'Web.config': `<configuration><system.webServer><security><requestFiltering><requestLimits maxAllowedContentLength="10"/></requestFiltering></security>
        <handlers><add name="n" path="read.js" verb="*" modules="iisnode"/></handlers></system.webServer></configuration>`,
    })
    assert.match(await curl('/read.js', '12345'), /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK[^]*read$/)
    assert.match(await curl('/read.js', '12345678901'), /^HTTP\/1\.1 413 /)
  })

  describe('what lies outside of the site', () => {
    before(() => {
      const outside = join(worker.directoryOf(1), '..', 'outside')
      mkdirSync(outside)
      writeFileSync(join(outside, 'secret.txt'), 'the secret')
      symlinkSync(outside, join(worker.directoryOf(1), 'link'))
      symlinkSync(join(outside, 'secret.txt'), join(worker.directoryOf(1), 'link.txt'))
      execFileSync('mkfifo', [join(worker.directoryOf(1), 'pipe.txt')])
    })
    const dots = ['..', '%2e%2e', '.%2e', '%2E.', '..%00', '%c0%ae%c0%ae', '%252e%252e', '%u002e%u002e', '．．', '..;']
    const slashes = ['/', '%2f', '\\', '%5c', '%c0%af', '%255c', '//', '/./']
    for (const dot of dots)
      it(`is out of reach by ${dot} with any slash`, async () => {
        for (const slash of slashes)
          for (const start of ['/', '/binary/', '/binary/../']) {
            const url = `${start}${`${dot}${slash}`.repeat(3)}outside${slash}secret.txt`
            assert.doesNotMatch(await worker.curl(url), /the secret/, url)
            assert.doesNotMatch(await worker.curl(`${start}${dot}${slash}outside/secret.txt`), /the secret/)
          }
      })
    it('is out of reach by symbolic links, and a pipe is nothing', async () => {
      for (const url of ['/link/secret.txt', '/LINK/secret.txt', '/link.txt', '/pipe.txt', '/link/'])
        assert.match(await worker.curl(url, '-i'), /^HTTP\/1\.1 40[34] /, url)
    })
  })

  it('prints a line for each refusal, in which a stranger cannot end it', async () => {
    await worker.ask('/bin/a%0a%5B2026-01-01%5D%20forged')
    assert.doesNotMatch(worker.output(), /^\[2026-01-01\]/m)
  })

  it("takes nothing of the listener's fields from a client, and nothing without them (web-request.ts)", async () => {
    const status = await new Promise((resolve) =>
      request({ socketPath: worker.socket, path: '/', agent: false }, (answer) =>
        resolve(answer.resume().statusCode),
      ).end(),
    )
    assert.equal(status, 400)
  })
})
