import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { poolDefaults } from '../../../src/service-model/application-host/application-host.ts'
import { readApplicationHost } from '../../../src/service-model/application-host/read-application-host.ts'
import { baseApplicationHost, withSites } from '../../../src/service-model/application-host/write-application-host.ts'
import { valueOf } from '../documents.ts'

const file = 'applicationHost.config'
const read = (source: string) => readApplicationHost(source, file)

const served = {
  pools: [{ ...poolDefaults, name: 'Web_IN_0_Site' }],
  sites: [
    {
      name: 'Web_IN_0_Site',
      id: 1,
      logDirectory: '/c/Resources/Directory/d.Web.DiagnosticStore/LogFiles',
      traces: { directory: '/c/Resources/Directory/d.Web.DiagnosticStore/FailedReqLogFiles', mostFiles: 9 },
      bindings: [
        { protocol: 'http', address: '10.1.2.3', port: 80, hostHeader: 'www.example.com', certificate: undefined },
        { protocol: 'https', address: '10.1.2.3', port: 443, hostHeader: '', certificate: 'A'.repeat(40) },
      ],
      applications: [
        {
          path: '/',
          pool: 'Web_IN_0_Site',
          directories: [
            { path: '/', physicalPath: '/e/sitesroot/0' },
            { path: '/im & ages', physicalPath: '/e/sitesroot/2' },
          ],
        },
        { path: '/shop', pool: 'Web_IN_0_Site', directories: [{ path: '/', physicalPath: '/e/sitesroot/1' }] },
      ],
    },
  ],
} as const

const pool = (inside: string, defaults = '') =>
  `<configuration><system.applicationHost><applicationPools>${inside}<applicationPoolDefaults>${defaults}</applicationPoolDefaults></applicationPools></system.applicationHost></configuration>`

describe('applicationHost.config', () => {
  it('says after the sites were set up what they are, and begins with none (I-4, I-9 to I-13)', () => {
    const { pools, sites } = valueOf(read(withSites(baseApplicationHost(), served)))
    assert.deepEqual({ pools, sites }, served)
    assert.deepEqual(valueOf(read(baseApplicationHost())).sites, [])
  })

  it('keeps what a startup task has set and added, and has each site and pool once (I-8, I-53)', () => {
    const before = withSites(baseApplicationHost(), served)
      .replace(
        '<applicationPoolDefaults/>',
        '<applicationPoolDefaults><processModel idleTimeout="00:00:00"/></applicationPoolDefaults>',
      )
      .replace('<system.webServer>', '<system.webServer><urlCompression doDynamicCompression="true"/>')
    const own = before.replace('<applicationPoolDefaults>', '<add name="task"/><applicationPoolDefaults>')
    const again = withSites(own, served)
    const { pools, sites, config } = valueOf(read(again))
    assert.deepEqual(sites, served.sites)
    assert.deepEqual(
      pools.map(({ name, idleTimeoutMs }) => [name, idleTimeoutMs]),
      [
        ['Web_IN_0_Site', 0],
        ['task', 0],
      ],
    )
    assert.deepEqual(config.places[0]?.sections.urlCompression?.attributes, { doDynamicCompression: true })
    assert.equal(withSites(again, served), again)
  })

  it('gives a pool what it says itself, else what the defaults say, else what IIS begins with (I-24 to I-26)', () => {
    const { pools } = valueOf(
      read(
        pool(
          '<add name="own" startMode="AlwaysRunning"><recycling><periodicRestart time="1.05:00:00"/></recycling></add><add name="plain"/>',
          '<processModel idleTimeout="00:01:00"/><failure rapidFailProtection="false" rapidFailProtectionMaxCrashes="2"/>',
        ),
      ),
    )
    const changed = {
      ...poolDefaults,
      idleTimeoutMs: 60_000,
      rapidFail: { isOn: false, failures: 2, intervalMs: poolDefaults.rapidFail.intervalMs },
    }
    assert.deepEqual(pools, [
      { ...changed, name: 'own', startMode: 'AlwaysRunning', periodicRestartMs: 29 * 3_600_000 },
      { ...changed, name: 'plain' },
    ])
  })

  it('may hold what a web.config may not: global rules and allowed server variables (I-53)', () => {
    const rules =
      '<rewrite><globalRules><rule name="all"><match url=".*"/><action type="None"/></rule></globalRules><allowedServerVariables><add name="HTTP_X"/></allowedServerVariables></rewrite>'
    const source = `<configuration><system.webServer>${rules}</system.webServer></configuration>`
    const { config } = valueOf(read(source))
    assert.deepEqual(Object.keys(config.places[0]?.rewrite?.sections ?? {}), ['globalRules', 'allowedServerVariables'])
  })

  for (const [what, source, error] of [
    ['a pool twice', pool('<add name="a"/><add name="A"/>'), /add with the name "a" is there already/],
    [
      'a time that is none',
      pool('<add name="a"><processModel idleTimeout="never"/></add>'),
      /idleTimeout of processModel is a time such as/,
    ],
    [
      'a pool that is not there',
      withSites(baseApplicationHost(), { ...served, pools: [] }),
      /the application \/ of site "Web_IN_0_Site" names the pool "Web_IN_0_Site", which is not there/,
    ],
    [
      'two sites of one number',
      withSites(baseApplicationHost(), { ...served, sites: [...served.sites, { ...served.sites[0], name: 'other' }] }),
      /two sites have the id 1/,
    ],
    [
      'a binding of all addresses',
      withSites(baseApplicationHost(), served).replace('10.1.2.3:80', '*:80'),
      /the binding http \*:80:www\.example\.com is none/,
    ],
    ['what is no XML', '<configuration>', /not well-formed XML/],
  ] as const)
    it(`is refused with ${what}`, () => assert.match(read(source).errors.join('\n'), error))

  it('passes over what IIS knows of a pool and nobody here does, and says so', () => {
    const { errors, warnings } = read(pool('<add name="a" managedRuntimeVersion="v4.0"/>'))
    assert.deepEqual(errors, [])
    assert.match(warnings.join(), /managedRuntimeVersion on add, which is passed over/)
  })
})
