/** What the `web.config`s that public cloud services for Node and PHP have make of requests, in a real w3wp. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Asked, type Files, rules, startWorker, type Worker, webConfig } from './worker.ts'

/** Says who it is and what it was asked. */
const program = `require('http').createServer((req, res) => {
  res.setHeader('x-program', __filename.split('/').pop())
  res.end(req.method + ' ' + req.url)
}).listen(process.env.PORT)`

const iisnode = (path: string) => `<handlers><add name="iisnode" path="${path}" verb="*" modules="iisnode"/></handlers>`

interface Row {
  readonly url: string
  readonly asked?: Asked
  /** `200 text` for a file, `app URL` for the program, `301 URL` for a redirect, `404.8` for an error. */
  readonly becomes: string
}

interface Site {
  readonly name: string
  readonly files: Files
  readonly rows: readonly Row[]
}

const row = (url: string, becomes: string, asked: Asked = {}): Row => ({ url, becomes, asked })

const sites: readonly Site[] = [
  {
    name: 'a program beside files: rules of the tools (static content, dynamic content, inspector)',
    files: {
      ...webConfig(`${iisnode('server.js')}<rewrite><rules>
        <clear/>
        <rule name="NodeInspector" patternSyntax="ECMAScript" stopProcessing="true"><match url="^server.js\\/debug[\\/]?"/></rule>
        <rule name="StaticContent"><action type="Rewrite" url="public{REQUEST_URI}"/></rule>
        <rule name="DynamicContent"><conditions><add input="{REQUEST_FILENAME}" matchType="IsFile" negate="True"/></conditions><action type="Rewrite" url="server.js"/></rule>
      </rules></rewrite>`),
      'server.js': program,
      'public/site.css': 'css',
      'Public2/x': '',
    },
    rows: [
      row('/', 'app /'),
      row('/api/items?id=1&x=a%20b', 'app /api/items?id=1&x=a%20b'),
      row('/site.css', '200 css'),
      row('/SITE.CSS?v=2', '200 css'),
      row('/server.js', 'app /server.js'),
      row('/bin/x', '404.8'),
      row('/a', 'app /a', { method: 'DELETE' }),
    ],
  },
  {
    name: 'a program by itself: iisnode for app.js, and all that is no file goes there',
    files: {
      ...webConfig(`${iisnode('app.js')}<rewrite><rules>
        <rule name="public"><match url="^public/.*"/><action type="None"/></rule>
        <rule name="app"><match url="/*"/><conditions><add input="{REQUEST_FILENAME}" matchType="IsFile" negate="true"/></conditions><action type="Rewrite" url="app.js"/></rule>
      </rules></rewrite>
      <security><requestFiltering><hiddenSegments><remove segment="bin"/><add segment="node_modules"/></hiddenSegments></requestFiltering></security>`),
      'app.js': program,
      'bin/tool.txt': 'a tool',
      'node_modules/x.txt': 'no',
      'public/a.svg': '<svg/>',
    },
    rows: [
      row('/x/y', 'app /x/y'),
      row('/bin/tool.txt', '200 a tool'),
      row('/node_modules/x.txt', '404.8'),
      row('/public/a.svg', '200 <svg/>'),
      row('/app.js/deep', 'app /app.js/deep'),
    ],
  },
  {
    name: 'a page application: what is no file is index.html',
    files: {
      ...rules(`<rule name="spa" stopProcessing="true"><match url=".*"/><conditions logicalGrouping="MatchAll">
        <add input="{REQUEST_FILENAME}" matchType="IsFile" negate="true"/><add input="{REQUEST_FILENAME}" matchType="IsDirectory" negate="true"/>
        <add input="{REQUEST_URI}" pattern="^/api" negate="true"/></conditions><action type="Rewrite" url="/"/></rule>`),
      'index.html': 'the page',
      'app.css': 'css',
      'assets/logo.svg': '<svg/>',
    },
    rows: [
      row('/', '200 the page'),
      row('/users/7?tab=2', '200 the page'),
      row('/users/%F0%9F%98%80', '200 the page'),
      row('/app.css', '200 css'),
      row('/assets', '301 /assets/'),
      row('/assets/', '403.14'),
      row('/api/x', '404.0'),
    ],
  },
  {
    name: 'addresses: one host, https, lower case, no slash at the end',
    files: {
      ...rules(`<rule name="https" stopProcessing="true"><match url="(.*)"/><conditions><add input="{HTTPS}" pattern="^OFF$"/><add input="{HTTP_HOST}" pattern="^secure\\."/></conditions>
          <action type="Redirect" url="https://{HTTP_HOST}/{R:1}" redirectType="Permanent"/></rule>
        <rule name="www" stopProcessing="true"><match url="(.*)"/><conditions><add input="{HTTP_HOST}" pattern="^www\\.(example\\.com)$"/></conditions>
          <action type="Redirect" url="http://{C:1}/{R:1}"/></rule>
        <rule name="lower" stopProcessing="true"><match url="[A-Z]" ignoreCase="false"/><action type="Redirect" url="{ToLower:{URL}}"/></rule>
        <rule name="slash" stopProcessing="true"><match url="(.*)/$"/><conditions><add input="{REQUEST_FILENAME}" matchType="IsDirectory" negate="true"/></conditions>
          <action type="Redirect" redirectType="Found" url="{R:1}"/></rule>`),
      'a/page.html': 'page',
    },
    rows: [
      row('/a/page.html?x=1', '301 https://secure.example.com/a/page.html?x=1', {
        headers: { host: 'secure.example.com' },
      }),
      row('/a/page.html', '200 page', { headers: { host: 'secure.example.com' }, isSecure: true }),
      row('/a/page.html?x=1', '301 http://example.com/a/page.html?x=1', { headers: { host: 'WWW.example.com' } }),
      row('/A/Page.html', '301 /a/page.html'),
      row('/b/', '302 /b'),
      row('/a/page.html', '200 page'),
    ],
  },
  {
    name: 'types of fonts and data: removed first, then named',
    files: {
      ...webConfig(`<staticContent>
        <remove fileExtension=".woff"/><mimeMap fileExtension=".woff" mimeType="application/font-woff"/>
        <mimeMap fileExtension=".webmanifest" mimeType="application/manifest+json"/><mimeMap fileExtension=".odd" mimeType="text/x-odd"/>
      </staticContent>`),
      'a.woff': 'woff',
      'site.webmanifest': '{}',
      'x.odd': 'odd',
      'x.unknown-type': '',
    },
    rows: [
      row('/a.woff', '200 woff'),
      row('/site.webmanifest', '200 {}'),
      row('/X.ODD', '200 odd'),
      row('/x.unknown-type', '404.3'),
    ],
  },
  {
    name: 'a type twice: files fail, and a program beside them does not (I-58)',
    files: {
      ...webConfig(
        `${iisnode('app.js')}<staticContent><mimeMap fileExtension=".x" mimeType="a/b"/><mimeMap fileExtension=".X" mimeType="a/b"/></staticContent>`,
      ),
      'app.js': program,
      'a.txt': 'a',
    },
    rows: [row('/a.txt', '500.19'), row('/app.js', 'app /app.js')],
  },
  {
    name: 'maintenance, retired and forbidden pages',
    files: {
      ...rules(`<rule name="gone" stopProcessing="true"><match url="^old/"/><action type="CustomResponse" statusCode="410" subStatusCode="7" statusReason="Gone" statusDescription="It went &lt;away&gt;"/></rule>
        <rule name="bare" stopProcessing="true"><match url="^bare"/><action type="CustomResponse" statusCode="403" statusReason="Not you"/></rule>
        <rule name="abort" stopProcessing="true"><match url="^bot"/><action type="AbortRequest"/></rule>
        <rule name="elsewhere" stopProcessing="true"><match url="^proxy/(.*)"/><action type="Rewrite" url="http://other.example.com/{R:1}"/></rule>
        <rule name="down" stopProcessing="true"><match url="^down\\.html$" negate="true"/><conditions><add input="{REMOTE_ADDR}" pattern="^203\\.0\\.113\\."/></conditions><action type="Rewrite" url="down.html"/></rule>`),
      'down.html': 'we are down',
      'a.html': 'a',
    },
    rows: [
      row('/a.html', '200 we are down'),
      row('/a.html', '200 a', { from: '198.51.100.1' }),
      row('/old/x', '410.7'),
      row('/bare', '403.0'),
      row('/bot', 'aborted'),
      row('/proxy/x', '502.3'),
    ],
  },
  {
    name: 'maps of old addresses, in a file beside (I-52)',
    files: {
      ...webConfig(`<rewrite><rewriteMaps configSource="maps.config"/><rules>
        <rule name="map" stopProcessing="true"><match url=".*"/><conditions><add input="{Old:{REQUEST_URI}}" pattern="(.+)"/></conditions><action type="Redirect" url="{C:1}" appendQueryString="false"/></rule></rules></rewrite>`),
      'maps.config':
        '<rewriteMaps><rewriteMap name="Old"><add key="/product.aspx?id=7" value="/products/seven"/><add key="/a" value="/b"/></rewriteMap></rewriteMaps>',
      'c.html': 'c',
    },
    rows: [
      row('/Product.aspx?id=7', '301 /products/seven'),
      row('/a', '301 /b'),
      row('/c.html', '200 c'),
      row('/maps.config', '404.7'),
    ],
  },
  {
    name: 'a program for all paths, beside files (I-27, I-47)',
    files: {
      ...webConfig(
        '<handlers><add name="all" path="*" verb="*" modules="httpPlatformHandler"/></handlers><httpPlatform processPath="node" arguments="server.cjs"/>',
      ),
      'server.cjs': program.replace('process.env.PORT', 'process.env.HTTP_PLATFORM_PORT'),
      'index.html': 'the page',
      'docs/web.config':
        '<configuration><system.webServer><handlers><remove name="all"/></handlers></system.webServer></configuration>',
      'docs/index.html': 'the documents',
    },
    rows: [row('/', 'app /'), row('/index.html', 'app /index.html'), row('/docs/', '200 the documents')],
  },
  {
    name: 'files served without default documents (I-27)',
    files: {
      ...webConfig(
        '<handlers><clear/><add name="files" path="*" verb="*" modules="StaticFileModule" resourceType="Either"/></handlers>',
      ),
      'index.html': 'the page',
    },
    rows: [row('/', '403.14'), row('/index.html', '200 the page')],
  },
  {
    name: 'pages that were made before, by the path of the application with its separator (I-51)',
    files: {
      ...rules(`<rule name="made"><match url="^pages/(.*)"/><conditions><add input="{APPL_PHYSICAL_PATH}Made\\{R:1}.html" matchType="IsFile"/></conditions>
        <action type="Rewrite" url="made/{R:1}.html"/></rule>`),
      'made/a.html': 'made',
    },
    rows: [row('/pages/a', '200 made'), row('/pages/b', '404.0')],
  },
  {
    name: 'a front controller of PHP (I-45)',
    files: {
      ...rules(`<rule name="front" stopProcessing="true"><match url="^(.*)$" ignoreCase="false"/><conditions>
        <add input="{REQUEST_FILENAME}" matchType="IsFile" ignoreCase="false" negate="true"/></conditions><action type="Rewrite" url="index.php/{R:1}" appendQueryString="true"/></rule>`),
      'index.php': '<?php secret();',
      'img/a.png': 'png',
    },
    rows: [row('/img/a.png', '200 png')],
  },
]

describe('the web.configs of public services', () => {
  let worker: Worker
  before(async () => {
    worker = await startWorker(sites)
  })
  after(() => worker.close())

  for (const [index, { name, rows }] of sites.entries())
    describe(name, () => {
      for (const { url, asked, becomes } of rows)
        it(`${asked?.method ?? 'GET'} ${url} ${JSON.stringify(asked?.headers ?? {})} becomes ${becomes}`, async () => {
          const { status, headers, body, facts, code } = await worker.ask(url, { site: index + 1, ...asked })
          const found = facts.isAborted
            ? 'aborted'
            : headers['x-program'] !== undefined
              ? `app ${body.replace(/^\S+ /, '')}`
              : headers.location !== undefined
                ? `${status} ${headers.location}`
                : status === 200
                  ? `200 ${body}`
                  : code
          assert.equal(found, becomes, worker.output())
        })
    })

  it('never sends the source of a script, whoever would run it', async () => {
    for (const url of ['/index.php', '/INDEX.PHP', '/x', '/index.php/x', '/index.php%20', '/index.php/'])
      assert.doesNotMatch((await worker.ask(url, { site: sites.length })).body, /<\?php/)
  })

  it('says what a rule answers: reason and description, as text (I-52)', async () => {
    const { reason, body } = await worker.ask('/old/x', { site: 7 })
    assert.deepEqual([reason, body], ['Gone', 'It went &#60;away&#62;'])
    assert.equal((await worker.ask('/bare', { site: 7 })).reason, 'Not you')
  })
})
