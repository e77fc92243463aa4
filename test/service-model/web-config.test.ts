/** web.config as the web server reads it (I-28, I-47, I-56 to I-62): what is refused with its line, and what several files say together. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { phpFindings } from '../../src/service-model/findings/php.ts'
import { webConfigFindings } from '../../src/service-model/findings/web-config.ts'
import { effective } from '../../src/service-model/web-config/effective.ts'
import { type AskedPath, inForce } from '../../src/service-model/web-config/in-force.ts'
import { readWebConfig } from '../../src/service-model/web-config/read-web-config.ts'
import { type SectionName, sections } from '../../src/service-model/web-config/sections.ts'
import { valueOf } from './documents.ts'

const config = (server: string) => `<configuration><system.webServer>${server}</system.webServer></configuration>`

const read = (text: string, file = 'Web.config') => readWebConfig(text, file)

/** A section as these files have it together, from the topmost down. */
function together<Name extends SectionName>(name: Name, ...servers: readonly string[]) {
  const layers = servers.flatMap((server, at) => valueOf(read(config(server), `${at}`)).places[0]?.sections[name] ?? [])
  return effective(sections[name], layers)
}

const refused: readonly (readonly [text: string, error: RegExp])[] = [
  ['<configuration', /^Web\.config\(1\): not well-formed XML/],
  ['', /not well-formed XML/],
  ['<!DOCTYPE x [<!ENTITY e "y">]><configuration/>', /not well-formed XML/],
  ['<settings/>', /the root element must be configuration; found settings/],
  [config('</system.webServer>\n<system.webServer>'), /\(2\): system\.webServer occurs twice in configuration/],
  [config('<handlers/>\n<handlers/>'), /\(2\): the section handlers occurs twice/],
  [config('<directoryBrowse\nenable="true"/>'), /unknown attribute enable on directoryBrowse/],
  [config('<directoryBrowse enabled="yes"/>'), /enabled of directoryBrowse is true or false; found "yes"/],
  [config('<defaultDocument><file/></defaultDocument>'), /unknown element file in defaultDocument/],
  [config('<defaultDocument><files><add/></files></defaultDocument>'), /add needs the attribute value/],
  [config('<defaultDocument><files><remove/></files></defaultDocument>'), /remove needs the attribute value/],
  [config('<defaultDocument><files><add value=""/></files></defaultDocument>'), /value of add is a text that is not/],
  [config('<staticContent><add fileExtension=".x" mimeType="y/z"/></staticContent>'), /unknown element add/],
  [
    config('<httpErrors><error statusCode="99"/></httpErrors>'),
    /statusCode of error is a whole number from 400 to 999/,
  ],
  [config('<httpErrors errorMode="Never"/>'), /errorMode of httpErrors is one of DetailedLocalOnly, Custom, Detailed/],
  [config('<httpRedirect httpResponseStatus="301"/>'), /is one of Permanent, Found, Temporary, PermRedirect/],
  [config('<security><requestFiltering><requestLimits maxUrl="-1"/></requestFiltering></security>'), /from 0 to/],
  [config('<staticContent><clientCache cacheControlMaxAge="7 days"/></staticContent>'), /is a time such as/],
  [
    config('<rewrite><rules><rule name="a"><action type="Redirect"/></rule></rules></rewrite>'),
    /Redirect needs the attribute url/,
  ],
  [config('<security><access sslFlags="Tls"/></security>'), /sslFlags of access is a list of None, Ssl/],
  [
    config('<security><authorization><add users="*"/></authorization></security>'),
    /add needs the attribute accessType/,
  ],
  [
    config('<rewrite><rules><rule name="r" responseCacheDirective="Sometimes"/></rules></rewrite>'),
    /responseCacheDirective of rule is one of Auto, Always, Never, NotIfRuleMatched/,
  ],
  [config('<rewrite><globalRules/></rewrite>'), /globalRules may stand in applicationHost\.config alone/],
  ['<configuration><location path="a/../../b"/></configuration>', /leads out of the directory/],
  ['<configuration><appSettings><add value="x"/></appSettings></configuration>', /add needs the attribute key/],
  ['<configuration><appSettings><put key="x"/></appSettings></configuration>', /unknown element put in appSettings/],
]

describe('a web.config that the web server refuses', () => {
  for (const [text, error] of refused)
    it(JSON.stringify(text).slice(0, 100), () => {
      const { value, errors } = read(text)
      assert.equal(value, undefined)
      assert.match(errors.join('\n'), error)
    })
})

const accepted: readonly (readonly [text: string, warning: RegExp | undefined])[] = [
  ['<configuration/>', undefined],
  ['\uFEFF<configuration xmlns="http://schemas.microsoft.com/.NetConfiguration/v2.0"/>', undefined],
  ['<configuration xmlns:xdt="urn:x"><system.web><anything/></system.web></configuration>', undefined],
  [config('<handlers lockItem="true" lockAttributes="x"/>'), undefined],
  [config('<httpErrors defaultPath="/e" lockAllAttributesExcept="x"/>'), undefined],
  [
    config(
      '<staticContent><clientCache cacheControlMaxAge="7.00:00:00" cacheControlMode="usemaxage"/></staticContent>',
    ),
    undefined,
  ],
  [
    config('<iisnode watchedFiles="*.js" someday="true"/>'),
    /unknown attribute someday on iisnode, which is passed over/,
  ],
  [config('<rewrite><rewriteMaps configSource="maps.config"/></rewrite>'), undefined],
  [
    config(
      '<rewrite><rules useOriginalURLEncoding="false"><rule name="r" responseCacheDirective="NotIfRuleMatched"/></rules></rewrite>',
    ),
    undefined,
  ],
  [config('<rewrite><providers/></rewrite>'), /providers is passed over/],
  [config('<caching/>'), /the section caching is passed over/],
  [config('<security><authentication/></security>'), undefined],
  [
    config('<security><authentication><windowsAuthentication/></authentication></security>'),
    /the section security\/authentication\/windowsAuthentication is passed over/,
  ],
  [
    config('<security><authentication><anonymousAuthentication enabled="true"/></authentication></security>'),
    undefined,
  ],
  [
    config('<security><authentication><anonymousAuthentication enabled="false"/></authentication></security>'),
    /anonymousAuthentication is off, .* answered 401\.2/,
  ],
  [config('<security><authorization><add accessType="Allow" users="*"/></authorization></security>'), undefined],
  [
    config('<security><authorization><add accessType="Allow" roles="Admins"/></authorization></security>'),
    /authorization lets in users or roles by name, .* answered 401\.2/,
  ],
  [config('<security><access sslFlags="ssl, SslNegotiateCert"/></security>'), undefined],
  [config('<security><access sslFlags="Ssl,SslRequireCert"/></security>'), /access wants a certificate .* 403\.7/],
  [config('<sparkle/>'), /nobody here knows the section sparkle/],
]

describe('a web.config that the web server takes', () => {
  for (const [text, warning] of accepted)
    it(JSON.stringify(text).slice(0, 100), () => {
      const { errors, warnings } = read(text)
      assert.deepEqual(errors, [])
      if (warning) assert.match(warnings.join('\n'), warning)
      else assert.deepEqual(warnings, [])
    })

  it('has places with what is said of paths below, however they are written', () => {
    const { places } = valueOf(
      read(
        `<configuration>
          <appSettings><add key="A" value="1"/><add key="B"/><remove key="A"/></appSettings>
          <location path="Admin\\Secret/" overrideMode="Deny" inheritInChildApplications="false">
            <system.webServer><directoryBrowse enabled="true"/></system.webServer></location>
        </configuration>`,
      ),
    )
    assert.deepEqual(
      places.map(({ path, overrideMode, isInherited, appSettings }) => ({
        path,
        overrideMode,
        isInherited,
        settings: [...appSettings],
      })),
      [
        { path: '', overrideMode: 'Inherit', isInherited: true, settings: [['B', '']] },
        { path: 'admin/secret', overrideMode: 'Deny', isInherited: false, settings: [] },
      ],
    )
    assert.deepEqual(places[1]?.sections.directoryBrowse?.attributes, { enabled: true })
  })

  it('never throws, whatever its elements are called and hold', () => {
    const name = fc.constantFrom(
      'add',
      'remove',
      'clear',
      '__proto__',
      'constructor',
      'toString',
      'files',
      'error',
      'rule',
    )
    const attribute = fc.constantFrom(
      '',
      ' name="x"',
      ' path="*"',
      ' __proto__="x"',
      ' statusCode="404"',
      ' value="&#x41;"',
    )
    const { element } = fc.letrec<{ element: string }>((tie) => ({
      element: fc.oneof(
        { depthSize: 'small' },
        fc.tuple(name, attribute).map(([tag, more]) => `<${tag}${more}/>`),
        fc
          .tuple(name, attribute, fc.array(tie('element'), { maxLength: 3 }))
          .map(([tag, more, inner]) => `<${tag}${more}>${inner.join('')}</${tag}>`),
      ),
    }))
    const section = fc.constantFrom(
      ...Object.keys(sections).map((path) => path.split('/').at(-1) as string),
      '__proto__',
    )
    fc.assert(
      fc.property(section, fc.array(element, { maxLength: 4 }), (tag, inner) => {
        const { errors, value } = read(
          config(`<security><${tag}>${inner.join('')}</${tag}></security><${tag}>${inner.join('')}</${tag}>`),
        )
        assert.ok(value ? errors.length === 0 : errors.length > 0)
      }),
    )
  })
})

describe('files above and below, together', () => {
  it('have the defaults where none says otherwise', () => {
    const { value, faults } = together('security/requestFiltering')
    assert.deepEqual(faults, [])
    assert.equal(value.requestLimits.maxAllowedContentLength, 30_000_000)
    assert.deepEqual(value.hiddenSegments.items, [])
    assert.equal(together('iisnode').value.devErrorsEnabled, true)
  })

  it('say the last word of an attribute below, and keep what is not said there', () => {
    const { value } = together(
      'staticContent',
      '<staticContent><clientCache cacheControlMode="UseMaxAge" cacheControlMaxAge="00:01:00"/></staticContent>',
      '<staticContent><clientCache cacheControlMaxAge="1.02:03:04"/></staticContent>',
    )
    assert.equal(value.clientCache.cacheControlMode, 'UseMaxAge')
    assert.equal(value.clientCache.cacheControlMaxAge, (26 * 3_600 + 3 * 60 + 4) * 1_000)
  })

  const handler = (name: string, path = '*') => `<add name="${name}" path="${path}" verb="*" modules="iisnode"/>`
  const names = (...servers: readonly string[]) => {
    const { value, faults } = together('handlers', ...servers.map((server) => `<handlers>${server}</handlers>`))
    return [value.items.map(({ name }) => name), faults] as const
  }

  it('put handlers of a lower file before the inherited ones (I-47)', () => {
    assert.deepEqual(names(handler('a') + handler('b'), handler('c') + handler('d')), [['c', 'd', 'a', 'b'], []])
  })

  it('remove an inherited handler by its name, case ignored, and put it back', () => {
    assert.deepEqual(names(handler('Static') + handler('b'), `<remove name="STATIC"/>${handler('static')}`), [
      ['static', 'b'],
      [],
    ])
  })

  it('clear all that came before', () => {
    assert.deepEqual(names(handler('a'), `${handler('b')}<clear/>${handler('c')}`), [['c'], []])
  })

  it('refuse a key that is there already, and name the line below (I-58)', () => {
    const [, faults] = names(handler('a'), `\n${handler('A')}`)
    assert.deepEqual(faults, ['1(2): add with the name "a" is there already; remove it first.'])
  })

  it('tell errors apart by status and sub-status (I-62)', () => {
    const { value, faults } = together(
      'httpErrors',
      '<httpErrors><error statusCode="404" path="a"/><error statusCode="404" subStatusCode="3" path="b"/></httpErrors>',
      '<httpErrors><remove statusCode="404" subStatusCode="-1"/><error statusCode="404" path="c"/></httpErrors>',
    )
    assert.deepEqual(faults, [])
    assert.deepEqual(
      value.items.map(({ subStatusCode, path }) => [subStatusCode, path]),
      [
        [3, 'b'],
        [-1, 'c'],
      ],
    )
  })

  it('put default documents of a lower file first (I-61)', () => {
    const files = (text: string) => `<defaultDocument><files>${text}</files></defaultDocument>`
    const { value } = together('defaultDocument', files('<add value="a"/>'), files('<add value="b"/><add value="c"/>'))
    assert.deepEqual(
      value.files.items.map((item) => item.value),
      ['b', 'c', 'a'],
    )
  })
})

describe('what is in force at a path', () => {
  const browse = (enabled: boolean) => `<system.webServer><directoryBrowse enabled="${enabled}"/></system.webServer>`
  const at = (directory: string, inner: string, application = '') => ({
    directory,
    application,
    config: valueOf(read(`<configuration>${inner}</configuration>`, `${directory}/web.config`)),
  })
  const location = (path: string, inner: string, more = '') => `<location path="${path}" ${more}>${inner}</location>`
  const path = (asked: string, application = ''): AskedPath => ({ path: asked, application })
  type Row = readonly [what: string, files: Parameters<typeof inForce>[1], asked: AskedPath, enabled: boolean]
  const rows: readonly Row[] = [
    ['nobody says anything', [], path('a'), false],
    ['the root says it, for all below', [at('', browse(true))], path('a/b'), true],
    ['a lower file has the last word', [at('a', browse(false)), at('', browse(true))], path('a/b'), false],
    ['a file beside the path has none', [at('ab', browse(true))], path('a'), false],
    ['a location speaks of its path', [at('', location('a', browse(true)))], path('a/x'), true],
    ['and of no other', [at('', location('a', browse(true)))], path('b'), false],
    ['its path is from its own file', [at('a', location('b', browse(true)))], path('a/b'), true],
    [
      'the inner location goes after the outer, as they stand',
      [at('', location('a/b', browse(true)) + location('a', browse(false)))],
      path('a/b/c'),
      true,
    ],
    [
      'a file of the path goes after a location above',
      [at('', location('a', browse(true))), at('a', browse(false))],
      path('a'),
      false,
    ],
    ['an application below inherits', [at('', browse(true))], path('app/x', 'app'), true],
    [
      'but for what is not inherited',
      [at('', location('.', browse(true), 'inheritInChildApplications="false"'))],
      path('app/x', 'app'),
      false,
    ],
    [
      'which holds in its own application',
      [at('', location('.', browse(true), 'inheritInChildApplications="false"'))],
      path('x'),
      true,
    ],
  ]
  for (const [what, files, asked, enabled] of rows)
    it(what, () => {
      const { value, faults } = inForce('directoryBrowse', files, asked)
      assert.deepEqual([value.enabled, faults], [enabled, []])
    })

  it('a file below may not say what one above has locked (I-59)', () => {
    const files = [at('', location('a', browse(true), 'overrideMode="Deny"')), at('a', browse(false))]
    const { value, faults } = inForce('directoryBrowse', files, path('a/b'))
    assert.equal(value.enabled, true)
    assert.deepEqual(faults, [
      'a/web.config(1): the section directoryBrowse is locked by /web.config, and no file below may hold it.',
    ])
    assert.deepEqual(inForce('handlers', files, path('a/b')).faults, [])
  })
})

describe('what doctor says of a web.config', () => {
  const [role] = [{ name: 'Web', kind: 'WebRole' } as Parameters<typeof webConfigFindings>[0]]
  const files = ['approot/api/App.exe', 'approot/Tools/run.sh']
  const grounds = {
    lookUp(path: string) {
      const found = files.find((file) => file.toLowerCase() === path.toLowerCase())
      return found === undefined ? undefined : { path: found, head: () => (found.endsWith('exe') ? 'MZ' : '#!/bin/sh') }
    },
    brings: (assembly: string) => assembly === 'Shop',
    has: (program: string) => ['java', '/bin/sh'].includes(program),
  }
  const findings = (path: string, bytes: Buffer) => webConfigFindings(role, path, bytes, grounds)
  const reasons = (text: string) => findings('approot/Web.config', Buffer.from(text)).map(({ reason }) => reason)

  it('names handlers that run on Windows alone, with their lines, and no type of .NET', () => {
    assert.deepEqual(
      reasons(
        config(`<modules><add name="Session" type="A.B"/></modules>
<handlers><add name="iisnode" path="server.js" verb="*" modules="iisnode"/>
<add name="Old" path="*.asp" verb="*" modules="IsapiModule" scriptProcessor="asp.dll"/>
<add name="Net" path="*.axd" verb="*" type="C.D"/></handlers>`),
      ),
      ['Role Web: approot/Web.config(3): the handler "Old" needs IsapiModule, which runs on Windows alone.'],
    )
  })

  it('names the programs of its handlers that neither package nor machine has, with their lines (I-33)', () => {
    const told = (section: string) => reasons(config(section)).join()
    assert.match(
      told('\n<aspNetCore processPath="dotnet" arguments=".\\Shop.dll"/>'),
      /^Role Web: approot\/Web\.config\(2\): there is no program "dotnet" in the package or on the PATH of this machine: install it on every host, or bring it\. Requests to it are answered 502\.5\.$/,
    )
    assert.match(told('<httpPlatform processPath="api\\app.exe"/>'), /"api\/app\.exe" is a program for Windows/)
    assert.match(told('<aspNetCore processPath="%LAUNCHER_PATH%"/>'), /is a placeholder/)
    assert.match(told('<httpPlatform processPath="gone\\run.sh"/>'), /there is no program "gone\\run\.sh"/)
    assert.equal(told('<httpPlatform processPath="tools\\RUN.sh"/>'), '')
    assert.equal(told('<httpPlatform processPath="%JAVA_HOME%\\bin\\java.exe"/>'), '')
    assert.equal(told('<httpPlatform processPath="C:\\jdk\\bin\\java.exe"/>'), '')
    const below =
      '<configuration><location path="API"><system.webServer><httpPlatform processPath="app.exe"/></system.webServer></location></configuration>'
    assert.match(reasons(below).join(), /app\.exe" is a program for Windows/)
  })

  it('says what a file that cannot be read does to its site', () => {
    assert.match(
      reasons('<configuration>').join(),
      /\(1\): not well-formed .* The site answers 500\.19 for that directory/,
    )
  })

  it('reads UTF-16 with its mark (I-60), and says of bytes that are no text what they were taken for', () => {
    const bytes = Buffer.from(`\uFEFF${config('<caching/>')}`, 'utf16le')
    assert.match(findings('web.config', bytes)[0]?.reason ?? '', /the section caching is passed over/)
    const torn = findings('web.config', Buffer.from([0x3c, 0xff, 0xfe]))
    assert.match(torn[0]?.reason ?? '', /was taken for utf-8 .* The site answers 500\.19/)
  })

  it('names libraries that .NET will look for in vain, and SQL Server as Windows alone reaches it, with their lines', () => {
    const text = `<configuration><system.web><sessionState><providers>
<add name="cache" type="Cache.Session, Microsoft.Cache, Version=1.0.0.0" /><add type="Cache.Other, Microsoft.Cache" />
<add type="Shop.Session, Shop" /><add type="System.Web.Security.SqlMembershipProvider, system.web" /><add type="My.Own" /><add type="A.B, App_Code" /><add type="${' '.repeat(200_000)}" /></providers></sessionState></system.web>
<connectionStrings>
<add name="local" connectionString="data source=.\\SQLEXPRESS;Integrated Security=SSPI;AttachDBFilename=|DataDirectory|\\a.mdf;User Instance=true" />
<add name="far" connectionString="Server=tcp:db.example.com,1433;User ID=u;Password=p" />
<add name="lite" providerName="System.Data.SQLite" connectionString="Data Source=C:\\data\\a.sqlite" /><add name="own" connectionString="Data Source=|DataDirectory|\\a.sdf" />
<add name="model" providerName="System.Data.EntityClient" connectionString="metadata=res://*/M.csdl;provider connection string=&quot;data source=.\\SQLEXPRESS;user id=a&quot;" /></connectionStrings></configuration>`
    assert.deepEqual(reasons(text), [
      'Role Web: approot/Web.config(2): the type Cache.Session is of Microsoft.Cache, which neither the package nor Mono has: what comes to it throws. Put it into bin.',
      'Role Web: approot/Web.config(5): the connection string "local" asks SQL Server for an instance by its name, integrated security, a database file, as Windows alone has it: what opens it throws SqlException. Name a server by host and port, with user and password.',
      'Role Web: approot/Web.config(8): the connection string "model" asks SQL Server for an instance by its name, as Windows alone has it: what opens it throws SqlException. Name a server by host and port, with user and password.',
    ])
  })

  it('names the first file of PHP where nobody runs it (I-45)', () => {
    const libraries = ['approot/node_modules/flatted/php/flatted.php', 'sitesroot/0/vendor/autoload.php']
    const paths = ['approot/a.PHP', 'sitesroot/0/b.php', 'plugins/c.php', 'approot/d.php.txt', ...libraries]
    assert.deepEqual(
      phpFindings(role, paths, grounds).map(({ reason }) => reason),
      [
        "Role Web: approot/a.PHP and 1 more are PHP, and this machine has no php-cgi: requests are answered 404.3. Install Debian's php-cgi on every host.",
      ],
    )
    assert.deepEqual(phpFindings(role, paths, { has: () => true }), [])
    assert.deepEqual(phpFindings(role, paths.slice(2), grounds), [])
  })

  it('says of a good one nothing', () => {
    assert.deepEqual(reasons(config('<handlers><add name="n" path="s.js" verb="*" modules="iisnode"/></handlers>')), [])
  })
})
