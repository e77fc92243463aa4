/** What is in force where: files of directories, locations, applications, locks, and what a file that cannot be used harms (I-13, I-28, I-49, I-53, I-58 to I-60). */
import assert from 'node:assert/strict'
import { rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { until } from '../../until.ts'
import { startWorker, type Worker } from './worker.ts'

const headers = (...names: readonly string[]) =>
  `<httpProtocol><customHeaders>${names.map((name) => `<add name="X-${name}" value="1"/>`).join('')}</customHeaders></httpProtocol>`
const server = (content: string) => `<system.webServer>${content}</system.webServer>`
const file = (content: string) => `<configuration>${content}</configuration>`
const location = (path: string, content: string, more = '') =>
  `<location path="${path}" ${more}>${server(content)}</location>`
const rule = (name: string, action: string, url = '.*') =>
  `<rewrite><rules><rule name="${name}"><match url="${url}"/>${action}</rule></rules></rewrite>`

const page = { 'a.html': 'a', 'b.html': 'b' }
const under = (directory: string) =>
  Object.fromEntries(Object.entries(page).map(([name, text]) => [`${directory}/${name}`, text]))

const sites = [
  {
    files: {
      ...page,
      ...under('one'),
      ...under('one/two'),
      ...under('three'),
      'Web.config': file(
        `${server(`${headers('Root')}${rule('moved', '<action type="Redirect" url="/here"/>', '^moved/(.*)')}`)}
         ${location('A.html', headers('File'))}${location('one', headers('Located'))}
         ${location('one/two', `<httpProtocol><customHeaders><remove name="X-Root"/></customHeaders></httpProtocol>`)}
         ${location('.', headers('Own'), 'inheritInChildApplications="false"')}`,
      ),
      'one/web.config': file(
        server(
          `${headers('One')}<rewrite><rules><rule name="own"><match url="^x/(.*)"/><action type="Redirect" url="y/{R:1}"/></rule></rules></rewrite>`,
        ),
      ),
      'one/two/WEB.CONFIG': file(server('<rewrite><rules><clear/></rules></rewrite>')),
    },
    applications: {
      '/app': { ...page, 'Web.config': file(server(headers('App'))) },
      '/one/deep': page,
    },
  },
  {
    files: {
      ...page,
      ...under('bad'),
      ...under('bad/below'),
      ...under('empty'),
      ...under('attribute'),
      ...under('twice'),
      ...under('global'),
      ...under('utf16'),
      ...under('unknown'),
      ...under('huge'),
      'bad/web.config': '<configuration>\n  <system.webServer>\n  <oops\n</configuration>',
      'empty/web.config': '',
      'attribute/web.config': file(`\n${server('\n<directoryBrowse enable="true"/>')}`),
      'twice/web.config': file(server(`\n${headers('A', 'a')}`)),
      'global/web.config': file(server('<rewrite><globalRules/></rewrite>')),
      'utf16/web.config': `﻿<?xml version="1.0" encoding="utf-8"?><configuration xmlns="http://schemas.microsoft.com/.NetConfiguration/v2.0">${server(headers('Utf'))}</configuration>`,
      'unknown/web.config': file(
        `<system.web><anything/></system.web>${server(`<strange.module on="1"/>${headers('Known')}`)}`,
      ),
      'huge/web.config': file(`<!--${'x'.repeat(1_100_000)}-->`),
    },
  },
  { files: { ...page, ...under('dir'), 'dir/web.config': file(server('<directoryBrowse enabled="true"/>')) } },
  { files: { ...page, 'Web.config': file(server('<directoryBrowse enabled="true"/>')) } },
  {
    files: {
      ...page,
      ...under('dir'),
      'dir/web.config': file(server('\n<rewrite><rules><rule name="r"><action type="None"/></rule></rules></rewrite>')),
    },
  },
  { files: { ...page, ...under('dir') } },
  {
    files: {
      ...page,
      ...under('dir'),
      'Web.config': file(server('<security><ipSecurity/></security>')),
      'dir/web.config': file(server('\n<urlCompression doStaticCompression="false"/>')),
    },
  },
  {
    files: {
      ...under('kept'),
      ...under('missing'),
      ...under('other'),
      ...under('further'),
      'kept/web.config': file(server('<security><ipSecurity configSource="Conf\\ip.config"/></security>')),
      'kept/conf/IP.config': '<ipSecurity><add ipAddress="203.0.113.7"/></ipSecurity>',
      'missing/web.config': file(server('\n<handlers configSource="handlers.config"/>')),
      'other/web.config': file(server('\n<handlers configSource="other.config"/>')),
      'other/other.config': '<modules/>',
      'further/web.config': file(server('<handlers configSource="handlers.config"/>')),
      'further/handlers.config': '<handlers configSource="handlers.config"/>',
      'app.js': `require('http').createServer((_, res) => res.end(JSON.stringify([process.env.Own, process.env.More, process.env.Gone]))).listen(process.env.PORT)`,
      'web.config': file(
        `<appSettings configSource="settings.config"/>${server('<handlers><add name="n" path="app.js" verb="*" modules="iisnode"/></handlers>')}`,
      ),
      'settings.config':
        '<appSettings file="More.config"><add key="Own" value="own"/><add key="Gone" value="gone"/></appSettings>',
      'more.config': '<appSettings><remove key="Gone"/><add key="More" value="more"/></appSettings>',
    },
  },
]

const denied = `<configSections><sectionGroup name="system.webServer">
  <section name="urlCompression" overrideModeDefault="Deny"/>
  <sectionGroup name="security"><section name="ipSecurity" overrideModeDefault="Deny"/></sectionGroup>
</sectionGroup></configSections>`

const applicationHost = `${denied}${server(`<rewrite><globalRules><rule name="g"><match url="^global$"/><serverVariables><set name="HTTP_X_SET" value="1"/></serverVariables><action type="Redirect" url="/from-global"/></rule></globalRules></rewrite>`)}
  ${location('Web_1/three', headers('Server'))}
  ${location('Web_3', headers('Site'))}
  ${location('Web_4', '<directoryBrowse enabled="false"/>', 'overrideMode="Deny"')}
  ${location('Web_5', '<rewrite><rules/></rewrite>', 'overrideMode="Deny"')}
  ${location('Web_7', '<security><ipSecurity/></security>', 'overrideMode="Allow"')}
  ${location('Web_8', '<security><ipSecurity/></security>', 'overrideMode="Allow"')}`

describe('what is in force', () => {
  let worker: Worker
  before(async () => {
    worker = await startWorker(sites, applicationHost)
  })
  after(() => worker.close())

  const saidAt = async (url: string, site = 1) => {
    const answer = await worker.ask(url, { site })
    const names = Object.keys(answer.headers).filter((name) => /^x-(?!powered|reddog)/.test(name))
    return `${answer.status} ${names
      .map((name) => name.slice(2))
      .toSorted()
      .join(' ')}`.trim()
  }

  for (const [url, expected] of [
    ['/b.html', '200 own root'],
    ['/a.html', '200 file own root'],
    ['/A.HTML', '200 file own root'],
    ['/one/a.html', '200 located one own root'],
    ['/ONE//a.html', '200 located one own root'],
    ['/one/two/a.html', '200 located one own'],
    ['/three/a.html', '200 own root server'],
    ['/app/a.html', '200 app root'],
    ['/App/', '403 app root'],
    ['/one/deep/a.html', '200 located one root'],
    ['/nothing/here', '404 own root'],
  ] as const)
    it(`${url}: ${expected} (I-13, I-28)`, async () => assert.equal(await saidAt(url), expected))

  it('rules are relative to the file or location that holds them, and inherited (I-49)', async () => {
    const to = async (url: string) => (await worker.ask(url)).headers.location
    assert.equal(await to('/moved/x'), '/here')
    assert.equal(await to('/one/x/z'), '/one/y/z')
    assert.equal(await to('/x/z'), undefined)
    assert.equal(await to('/one/two/x/z'), undefined)
    assert.equal(await to('/global'), '/from-global')
  })

  for (const [url, status, detail] of [
    ['/a.html', '200.0', ''],
    ['/bad/a.html', '500.19', /web\.config\(\d+\): not well-formed/],
    ['/bad/below/a.html', '500.19', /bad\/web\.config\(\d+\)/],
    ['/BAD/a.html', '500.19', /bad\/web\.config/],
    ['/empty/a.html', '500.19', /empty\/web\.config/],
    ['/attribute/a.html', '500.19', /attribute\/web\.config\(3\): unknown attribute enable/],
    ['/twice/a.html', '500.19', /twice\/web\.config\(2\).*there already; remove it first/],
    ['/global/a.html', '500.19', /globalRules may stand in applicationHost\.config alone/],
    ['/huge/a.html', '500.19', /more than 1048576 bytes/],
    ['/utf16/a.html', '200.0', ''],
    ['/unknown/a.html', '200.0', ''],
  ] as const)
    it(`${url} of a site with broken files is ${status} (I-58 to I-60)`, async () => {
      const { code, body } = await worker.ask(url, { site: 2, from: '10.0.0.4' })
      assert.equal(code, status, body)
      if (detail) assert.match(body, detail)
    })

  it('tells a stranger nothing of the file', async () => {
    assert.doesNotMatch((await worker.ask('/bad/a.html', { site: 2 })).body, /web\.config/)
  })

  it('rules that applicationHost.config has locked for a site may not stand in its files, and harm their directory alone (I-59)', async () => {
    assert.equal((await worker.ask('/a.html', { site: 5 })).status, 200)
    const { code, body } = await worker.ask('/dir/a.html', { site: 5, from: '10.0.0.4' })
    assert.equal(code, '500.19')
    assert.match(body, /web\.config\(2\): the section rewrite\/rules is locked by .*applicationHost\.config/)
  })

  it('a section that applicationHost.config has locked for a site may not stand there; another site may say it (I-53, I-59)', async () => {
    assert.equal(await saidAt('/dir/', 3), '200 site')
    const { code, body } = await worker.ask('/a.html', { site: 4, from: '10.0.0.4' })
    assert.equal(code, '500.19')
    assert.match(body, /directoryBrowse is locked by .*applicationHost\.config/)
  })

  it('a section that configSections deny by default may not stand below, unless a location allows it (I-59)', async () => {
    assert.equal((await worker.ask('/a.html', { site: 7 })).status, 200)
    const { code, body } = await worker.ask('/dir/a.html', { site: 7, from: '10.0.0.4' })
    assert.equal(code, '500.19')
    assert.match(body, /web\.config\(2\): the section urlCompression is locked by .*applicationHost\.config/)
  })

  it('holds the sections that files beside it have, and changes with them (I-64)', async () => {
    const at = async (url: string) => (await worker.ask(url, { site: 8 })).code
    assert.equal(await at('/kept/a.html'), '403.6')
    worker.write(8, { 'kept/conf/IP.config': '<ipSecurity><add ipAddress="203.0.113.8"/></ipSecurity>' })
    assert.equal(await at('/kept/a.html'), '200.0')
    assert.equal((await worker.ask('/app.js', { site: 8 })).body, '["own","more",null]')
    for (const [url, detail] of [
      [
        '/missing/a.html',
        /web\.config\(2\): configSource of handlers names a file that is not there: handlers\.config/,
      ],
      ['/other/a.html', /web\.config\(2\): the root element of other\.config must be handlers; found modules/],
      ['/further/a.html', /handlers\.config\(1\): configSource of handlers has led here already/],
    ] as const) {
      const { code, body } = await worker.ask(url, { site: 8, from: '10.0.0.4' })
      assert.equal(code, '500.19')
      assert.match(body, detail)
    }
    worker.write(8, { 'missing/handlers.config': '<handlers/>' })
    assert.equal(await at('/missing/a.html'), '200.0')
  })

  it('changes with the next request when a file comes, changes or goes', async () => {
    const at = () => saidAt('/dir/a.html', 3)
    const set = (...names: readonly string[]) => worker.write(3, { 'dir/web.config': file(server(headers(...names))) })
    assert.equal(await at(), '200 site')
    set('New')
    assert.equal(await at(), '200 new site')
    set('New', 'Newer')
    assert.equal(await at(), '200 new newer site')
    worker.write(3, { 'dir/web.config': '<broken' })
    assert.equal(await at(), '500')
    assert.equal(await saidAt('/a.html', 3), '200 site')
    rmSync(join(worker.directoryOf(3), 'dir/web.config'))
    assert.equal(await at(), '200 site')
    worker.write(3, { 'Web.config': file(server(headers('Top'))) })
    assert.equal(await at(), '200 site top')
  })

  it('is in force, and a name is found, also where the directory bears the time of before, as an archive sets it', async () => {
    const directory = join(worker.directoryOf(6), 'dir')
    worker.write(6, { 'dir/a.html': 'a' })
    const { atime, mtime, ctimeMs } = statSync(directory)
    await until(() => Date.now() > ctimeMs + 100, 'the clock has moved on')
    assert.equal(await saidAt('/dir/A.html', 6), '200')
    worker.write(6, { 'dir/b.html': 'b', 'dir/web.config': file(server(headers('Own'))) })
    utimesSync(directory, atime, mtime)
    assert.equal(await saidAt('/dir/B.html', 6), '200 own')
  })

  it('is found for a URL of very many directories, and of very many URLs, without pause', async () => {
    worker.write(3, Object.fromEntries(Array.from({ length: 1_500 }, (_, index) => [`many/${index}.txt`, ''])))
    const deep = `/many/${'x/'.repeat(1_900)}`
    await Promise.all(Array.from({ length: 20 }, () => worker.ask(deep, { site: 3 })))
    assert.equal((await worker.ask(deep, { site: 3 })).code, '404.0')
    for (let index = 0; index < 1_200; index++) await worker.ask(`/many/${index}.html`, { site: 1 })
    assert.equal(await saidAt('/b.html'), '200 own root')
  })
})
