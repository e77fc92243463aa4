/** What is answered in the place of an error, where requests are sent, and what is said of every answer (I-54, I-62). */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startWorker, type Worker, webConfig } from './worker.ts'

/** The instance itself, of which `startWorker` tells. */
const local = '10.0.0.4'

const program = `require('http').createServer((req, res) => {
  res.statusCode = Number(req.headers['x-status'] || 200)
  res.setHeader('X-Reddog-Answer', 's=99')
  res.setHeader('X-Saw', Object.keys(req.headers).filter((name) => name.startsWith('x-reddog')).join() || 'nothing')
  if (req.headers['x-status'] === '204') return res.end()
  res.setHeader('Content-Type', 'text/html')
  res.end('the program says ' + req.method + ' ' + req.url)
}).listen(process.env.PORT)`

const node = '<handlers><add name="n" path="*.js" verb="*" modules="iisnode"/></handlers>'

const moving = `require('http').createServer((req, res) => {
  res.writeHead(301, { Location: '/new' })
  res.end('moved')
}).listen(process.env.PORT)`

const errors = (attributes: string) =>
  webConfig(`${node}<httpErrors ${attributes}>
    <error statusCode="404" path="404.html" responseMode="File"/>
    <error statusCode="404" subStatusCode="8" path="/hidden.html" responseMode="Redirect"/>
    <error statusCode="403" path="/app.js" responseMode="ExecuteURL"/>
    <error statusCode="405" path="/nothing/here" responseMode="ExecuteURL"/>
    <error statusCode="410" path="/moved.js" responseMode="ExecuteURL"/>
    <error statusCode="412" path="/empty" responseMode="ExecuteURL"/>
    <error statusCode="413" path="/gone" responseMode="ExecuteURL"/>
    <error statusCode="414" path="/404.html" responseMode="ExecuteURL"/>
    <error statusCode="500" path="../outside.html"/></httpErrors>
    <rewrite><rules><rule name="gone"><match url="^gone$"/><action type="CustomResponse" statusCode="451" statusReason="Law" statusDescription="by law"/></rule></rules></rewrite>`)

const pages = { 'app.js': program, 'moved.js': moving, '404.html': 'our 404', 'empty/x': '', 'a.txt': 'a' }

const sites = [
  { files: { ...pages, ...webConfig(node) } },
  { files: { ...pages, ...errors('') } },
  { files: { ...pages, ...errors('errorMode="Custom" existingResponse="Replace"') } },
  { files: { ...pages, ...errors('existingResponse="PassThrough"') } },
  { files: { ...pages, ...webConfig(`${node}<httpErrors errorMode="Custom" defaultPath="404.html"/>`) } },
  {
    files: {
      ...pages,
      ...webConfig(`<httpProtocol><customHeaders><remove name="X-Powered-By"/><add name="X-Frame-Options" value="DENY"/></customHeaders><redirectHeaders><add name="X-Moved" value="1"/></redirectHeaders></httpProtocol>
        <httpErrors errorMode="Custom"><error statusCode="404" path="/a.txt" responseMode="ExecuteURL"/></httpErrors>
        <rewrite><rules><rule name="r"><match url="^go$"/><action type="Redirect" url="/there"/></rule></rules></rewrite>`),
    },
  },
  {
    files: {
      ...pages,
      ...webConfig(`${node}<httpErrors errorMode="Custom"><error statusCode="404" path="/app.js" responseMode="ExecuteURL"/></httpErrors>
        <security><requestFiltering><denyQueryStringSequences><add sequence="evil"/></denyQueryStringSequences></requestFiltering></security>`),
    },
  },
]

describe('errors', () => {
  let worker: Worker
  before(async () => {
    worker = await startWorker(sites)
  })
  after(() => worker.close())

  const asks = (site: number, url: string, status: string, from?: string) =>
    worker.ask(url, { site, from, headers: status === '' ? {} : { 'x-status': status } })

  it('are told in full to the machine itself alone', async () => {
    const [near, far] = [await asks(1, '/bin/x', '', local), await asks(1, '/bin/x', '')]
    assert.match(near.body, /HTTP Error 404\.8 .*segment bin is hidden/s)
    assert.doesNotMatch(far.body, /segment|404\.8/)
    assert.match(far.body, /404 - Not Found/)
    assert.deepEqual([near.code, far.code], ['404.8', '404.8'])
  })

  it('of files have a page too, and keep what is said beside it', async () => {
    const missing = await asks(1, '/missing.html', '')
    assert.match(missing.body, /404 - Not Found/)
    const refused = await worker.ask('/a.txt', { method: 'POST', body: 'x' })
    assert.equal(refused.status, 405)
    assert.match(refused.headers.allow ?? '', /GET/)
    assert.match(refused.body, /405/)
  })

  it('of a program stay as they are where no entry speaks of them', async () => {
    assert.match((await asks(1, '/app.js', '404')).body, /the program says GET/)
    assert.match((await asks(2, '/app.js', '400')).body, /the program says GET/)
  })

  it('are replaced by a file, a redirect or another URL of the site, by status and sub-status', async () => {
    const file = await asks(2, '/missing', '')
    assert.deepEqual([file.code, file.body], ['404.0', 'our 404'])
    const moved = await asks(2, '/bin/x', '')
    assert.deepEqual([moved.status, moved.headers.location], [302, '/hidden.html'])
    const executed = await asks(2, '/empty/', '')
    assert.deepEqual(
      [executed.code, executed.body],
      ['200.0', 'the program says GET /app.js?403;http://www.contoso.com:80/empty/'],
    )
    const program = await asks(2, '/app.js', '404')
    assert.deepEqual([program.status, program.body], [404, 'our 404'])
  })

  it('of a query that is refused, or as long as may be, are told to the page for them all the same', async () => {
    for (const query of ['evil', 'x'.repeat(2_040), 'x'.repeat(2_100)]) {
      const { body } = await asks(7, `/missing?${query}`, '')
      assert.equal(body.slice(0, 36), 'the program says GET /app.js?404;htt')
    }
  })

  it('have the status of the page of a program, a redirect or a rule in their place; a file has that of the error', async () => {
    const seen = async (status: string) => {
      const { code, headers, body } = await asks(2, '/app.js', status)
      return [code, headers.location, body]
    }
    assert.deepEqual(await seen('410'), ['301.0', '/new', 'moved'])
    const directory = await seen('412')
    assert.equal(directory[0], '301.0')
    assert.match(directory[1] ?? '', /^\/empty\/\?412;http/)
    assert.deepEqual(await seen('413'), ['451.0', undefined, 'by law'])
    assert.deepEqual(await seen('414'), ['414.0', undefined, 'our 404'])
  })

  it("are the machine's own to see as they are, unless the mode is Custom", async () => {
    assert.match((await asks(2, '/missing', '', local)).body, /HTTP Error 404\.0/)
    assert.equal((await asks(3, '/missing', '', local)).body, 'our 404')
  })

  it('of programs are let through by PassThrough; of files there is nothing to let through', async () => {
    assert.match((await asks(4, '/app.js', '404')).body, /the program says GET/)
  })

  it('lead to defaultPath where no entry is for them', async () => {
    assert.deepEqual((await asks(5, '/a.txt/b', '')).body, 'our 404')
  })

  it('end with their own page when the page for them fails too: no loop', async () => {
    const answer = await worker.ask('/a.txt', { site: 3, method: 'POST', body: 'some words' })
    assert.equal(answer.status, 405)
    assert.match(answer.body, /404|405/)
  })

  it('that a body came with run the other URL without it', async () => {
    const answer = await worker.ask('/app.js', {
      site: 3,
      method: 'POST',
      body: 'some words',
      headers: { 'x-status': '403', 'if-none-match': '*', range: 'bytes=0-1' },
    })
    assert.equal(answer.status, 403)
    assert.match(answer.body, /the program says GET/)
  })

  it('never show a file outside of the site', async () => {
    assert.match((await asks(3, '/app.js', '500')).body, /the program says|500/)
  })

  it('have custom headers once, and X-Powered-By only where nobody has removed it', async () => {
    const count = ({ rawHeaders }: { readonly rawHeaders: readonly string[] }, name: string) =>
      rawHeaders.filter((one, at) => at % 2 === 0 && one.toLowerCase() === name).length
    for (const url of ['/a.txt', '/missing', '/bin/x', '/go']) {
      const answer = await asks(6, url, '')
      assert.deepEqual([count(answer, 'x-frame-options'), count(answer, 'x-powered-by')], [1, 0], url)
      assert.equal(answer.headers['x-moved'], url === '/go' ? '1' : undefined)
    }
    assert.equal(count(await asks(1, '/a.txt', ''), 'x-powered-by'), 1)
  })

  it("keep the listener's fields from programs, and theirs from the listener", async () => {
    const answer = await worker.ask('/app.js', { headers: { 'x-reddog-answer': 's=7' } })
    assert.equal(answer.headers['x-saw'], 'nothing')
    assert.equal(answer.rawHeaders.filter((name) => name.toLowerCase() === 'x-reddog-answer').length, 1)
    assert.equal(answer.facts.subStatus, 0)
  })

  it('are no matter for HEAD, OPTIONS, TRACE and an answer without body', async () => {
    const head = await worker.ask('/missing', { site: 2, method: 'HEAD' })
    assert.deepEqual([head.status, head.body], [404, ''])
    assert.match((await worker.ask('/a.txt', { method: 'OPTIONS' })).headers.allow ?? '', /GET, HEAD/)
    assert.equal((await worker.ask('/a.txt', { method: 'TRACE' })).status, 501)
    assert.equal((await asks(1, '/app.js', '204')).body, '')
  })
})

const redirect = (attributes: string, entries = '') =>
  webConfig(`<httpRedirect enabled="true" ${attributes}>${entries}</httpRedirect>`)

const redirects: readonly (readonly [content: ReturnType<typeof webConfig>, url: string, becomes: string])[] = [
  [redirect('destination="http://new.example.com/"'), '/a/b%20c?x=1', '302 http://new.example.com/a/b%20c?x=1'],
  [redirect('destination="/x" exactDestination="true" httpResponseStatus="Permanent"'), '/a/b', '301 /x'],
  [redirect('destination="/x$S$Q" httpResponseStatus="Temporary"'), '/a/b?c', '307 /x/a/b?c'],
  [redirect('destination="/x" childOnly="true" httpResponseStatus="PermRedirect"'), '/a', '308 /x/a'],
  [redirect('destination="/x" childOnly="true"'), '/a/b', '404'],
  [redirect('', '<add wildcard="*.php" destination="/index.html"/>'), '/old/page.PHP', '302 /index.html'],
  [redirect('', '<add wildcard="/old/*.asp" destination="/new/$0.html"/>'), '/old/a/b.asp', '302 /new/a/b.html'],
  [redirect('', '<add wildcard="*.php" destination="/index.html"/>'), '/old/page.html', '404'],
  [redirect('', '<add wildcard="/old/*" destination="/$0"/>'), '/old//evil.com/a', '302 /evil.com/a'],
  [redirect('', '<add wildcard="/old/*" destination="$0"/>'), '/old/https:/evil.com/a', '302 /https:/evil.com/a'],
  [redirect('destination="$V.html" exactDestination="true"'), '//evil.com/a', '302 /evil.com/a.html'],
  [
    redirect('enabled="false" destination="/x"').constructor === Object
      ? webConfig('<httpRedirect destination="/x"/>')
      : {},
    '/a',
    '404',
  ],
]

describe('httpRedirect', () => {
  let worker: Worker
  const located = {
    files: {
      'Web.config': `<configuration><location path="old"><system.webServer><httpRedirect enabled="true" destination="/new"/></system.webServer></location></configuration>`,
    },
  }
  before(async () => {
    worker = await startWorker([...redirects.map(([files]) => ({ files })), located])
  })
  after(() => worker.close())

  for (const [index, [files, url, becomes]] of redirects.entries())
    it(`${files['Web.config']?.match(/<httpRedirect.*<\/httpRedirect>|<httpRedirect[^>]*>/)?.[0]}: ${url} becomes ${becomes}`, async () => {
      const { status, headers } = await worker.ask(url, { site: index + 1 })
      assert.equal(headers.location === undefined ? `${status}` : `${status} ${headers.location}`, becomes)
    })

  it('of a location appends what follows that, and never leads to another host', async () => {
    const site = redirects.length + 1
    const to = async (url: string) => (await worker.ask(url, { site })).headers.location
    assert.equal(await to('/old/a/b'), '/new/a/b')
    assert.equal(await to('/OLD//a%3Fb'), '/new/a%3Fb')
    assert.equal(await to('/older'), undefined)
  })
})

describe('outbound rules', () => {
  let worker: Worker
  const rules = `<rewrite><outboundRules>
      <rule name="server"><match serverVariable="RESPONSE_X-Powered-By" pattern=".*"/><action type="Rewrite" value=""/></rule>
      <rule name="location"><match serverVariable="RESPONSE_Location" pattern="^/in(.*)"/><action type="Rewrite" value="/out{R:1}"/></rule>
      <rule name="links" preCondition="html"><match filterByTags="A" pattern="^/in/(.*)"/><action type="Rewrite" value="/out/{R:1}"/></rule>
      <rule name="all"><match filterByTags="Img" pattern="^never$"/><action type="Rewrite" value=""/></rule>
      <preConditions><preCondition name="html"><add input="{RESPONSE_CONTENT_TYPE}" pattern="^text/html"/></preCondition></preConditions>
    </outboundRules><rules><rule name="r"><match url="^go$"/><action type="Redirect" url="/in/there"/></rule></rules></rewrite>`
  before(async () => {
    worker = await startWorker([
      {
        files: {
          'app.js': `const body = Buffer.from([0x89, 0x50, 0xff, 0xfe, 0x00, 0xc3]); require('http').createServer((req, res) => {
            if (req.url.includes('gzip')) return res.writeHead(200, { 'Content-Encoding': 'gzip' }).end(require('zlib').gzipSync('x'))
            if (req.url.includes('cut')) { res.writeHead(200, { 'Content-Length': '100' }); res.write('half'); return setImmediate(() => res.destroy()) }
            res.writeHead(200, { 'Content-Type': 'image/png', 'X-Same': body.toString('hex') }).end(body)
          }).listen(process.env.PORT)`,
          'a.html': '<a href="/in/é">é</a><img src="/in/x">',
          ...webConfig(`${node}${rules}`),
        },
      },
    ])
  })
  after(() => worker.close())

  it('rewrite headers and links, with the length of what is sent (I-54)', async () => {
    const page = await worker.ask('/a.html')
    assert.equal(page.body, '<a href="/out/é">é</a><img src="/in/x">')
    assert.equal(page.headers['content-length'], `${Buffer.byteLength(page.body)}`)
    assert.equal((await worker.ask('/go')).headers.location, '/out/there')
  })

  it('leave bytes as they are that they do not touch', async () => {
    const hex = await worker.curl('/app.js', '-o', '-').then((text) => text.length)
    assert.ok(hex > 0)
    const { headers } = await worker.ask('/app.js')
    assert.equal(headers['content-length'], '6')
  })

  it('cannot rewrite what is compressed: 500.52; what breaks half way is an error, and the process lives on', async () => {
    assert.equal((await worker.ask('/app.js?gzip')).code, '500.52')
    assert.equal((await worker.ask('/app.js?cut')).status, 500)
    assert.equal((await worker.ask('/a.html', { method: 'HEAD' })).status, 200)
    const part = await worker.ask('/a.html', { headers: { range: 'bytes=0-3' } })
    assert.deepEqual([part.status, part.body], [206, '<a h'])
  })
})
