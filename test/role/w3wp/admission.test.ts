/** Who is let in where nobody signs in: authorization, anonymousAuthentication and access (I-65). */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Asked, startWorker, type Worker, webConfig } from './worker.ts'

const pages = { 'a.html': 'a', 'index.html': 'home', 'low/a.html': 'low', 'app.js': '' }
const security = (content: string) => webConfig(`<security>${content}</security>`)
const authorization = (rules: string) => security(`<authorization>${rules}</authorization>`)
const anonymous = (enabled: boolean) =>
  security(`<authentication><anonymousAuthentication enabled="${enabled}"/></authentication>`)
const access = (flags: string) => security(`<access sslFlags="${flags}"/>`)
const allowAll = '<add accessType="Allow" users="*"/>'
const moved = '<rewrite><rules><rule name="r"><match url="^old$"/><action type="Rewrite" url="low/a.html"/></rule>'

type Row = readonly [url: string, code: string, asked?: Asked]

const sites: readonly { readonly files: Readonly<Record<string, string>>; readonly rows: readonly Row[] }[] = [
  {
    files: authorization('<remove users="*" roles="" verbs=""/><add accessType="Allow" roles="Admins"/>'),
    rows: [
      ['/a.html', '401.2'],
      ['/', '401.2'],
      ['/missing', '401.2'],
      ['/a.html', '401.2', { method: 'OPTIONS' }],
    ],
  },
  { files: authorization('<add accessType="Deny" users="?"/>'), rows: [['/a.html', '401.2']] },
  {
    files: authorization('<clear/><add accessType="Allow" users="?"/><add accessType="Deny" users="*"/>'),
    rows: [['/a.html', '401.2']],
  },
  { files: authorization('<add accessType="Deny" users="ann" />'), rows: [['/a.html', '200.0']] },
  { files: authorization(allowAll), rows: [['/a.html', '200.0']] },
  {
    files: authorization('<clear/><add accessType="Allow" users="ann, ?" verbs="GET, HEAD"/>'),
    rows: [
      ['/a.html', '200.0'],
      ['/a.html', '401.2', { method: 'POST', body: 'x' }],
    ],
  },
  {
    files: {
      'Web.config': `<configuration><location path="low"><system.webServer><security><authorization><remove users="*"/></authorization></security></system.webServer></location>
        <system.webServer>${moved}</rules></rewrite></system.webServer></configuration>`,
    },
    rows: [
      ['/a.html', '200.0'],
      ['/LOW/a.html', '401.2'],
      ['/old', '401.2'],
    ],
  },
  {
    files: {
      ...authorization('<add accessType="Deny" users="?"/>'),
      'low/web.config': `<configuration><system.webServer><security><authorization>${allowAll}</authorization></security></system.webServer></configuration>`,
    },
    rows: [['/low/a.html', '401.2']],
  },
  { files: anonymous(true), rows: [['/a.html', '200.0']] },
  {
    files: anonymous(false),
    rows: [
      ['/a.html', '401.2'],
      ['/app.js', '401.2'],
    ],
  },
  {
    files: access('Ssl, SslNegotiateCert'),
    rows: [
      ['/a.html', '403.4'],
      ['/a.html', '200.0', { isSecure: true }],
    ],
  },
  { files: access('Ssl128'), rows: [['/a.html', '403.4']] },
  { files: access(''), rows: [['/a.html', '200.0']] },
  { files: access('none'), rows: [['/a.html', '200.0']] },
  { files: access('Ssl,SslRequireCert'), rows: [['/a.html', '403.7', { isSecure: true }]] },
  {
    files: webConfig(`<security><access sslFlags="Ssl"/><authorization><clear/></authorization></security>
      <httpErrors errorMode="Custom"><error statusCode="403" subStatusCode="4" path="/low/a.html" responseMode="ExecuteURL"/>
      <error statusCode="401" path="/index.html" responseMode="ExecuteURL"/></httpErrors>`),
    rows: [
      ['/a.html', '403.4 low'],
      ['/a.html', '401.2 home', { isSecure: true }],
    ],
  },
]

describe('a client that has not signed in', () => {
  let worker: Worker
  before(async () => {
    worker = await startWorker(sites.map(({ files }) => ({ files: { ...pages, ...files } })))
  })
  after(() => worker.close())

  for (const [index, { files, rows }] of sites.entries())
    for (const [url, wanted, asked = {}] of rows)
      it(`gets ${wanted} for ${asked.method ?? 'GET'} ${url} ${asked.isSecure ? 'by https ' : ''}from ${files['Web.config']}`, async () => {
        const { code, body } = await worker.ask(url, { site: index + 1, ...asked })
        assert.equal(wanted.includes(' ') ? `${code} ${body}` : code, wanted, worker.output())
      })

  it('is told no more than that', async () => {
    const { headers, body } = await worker.ask('/a.html', { site: 1 })
    assert.equal(headers['www-authenticate'], undefined)
    assert.doesNotMatch(body, /authorization/)
  })
})
