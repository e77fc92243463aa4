/** What startup scripts of real cloud services say to appcmd, and what it makes of applicationHost.config (I-53, I-24). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { parseXml } from '../../../src/kernel/xml.ts'
import { type Outcome, runAppcmd } from '../../../src/service-model/application-host/appcmd.ts'
import { readApplicationHost } from '../../../src/service-model/application-host/read-application-host.ts'
import { splitArguments } from '../../../src/service-model/command-line/split-arguments.ts'
import { readWebConfig } from '../../../src/service-model/web-config/read-web-config.ts'

const source = `<?xml version="1.0" encoding="UTF-8"?>
<configuration>
  <system.applicationHost>
    <applicationPools>
      <add name="Pool" autoStart="true"><recycling><periodicRestart time="1.05:00:00"/></recycling></add>
      <add name="Admin pool" autoStart="false" managedPipelineMode="Classic"/>
      <applicationPoolDefaults/>
    </applicationPools>
    <sites>
      <site name="WebRole1_IN_0_Web" id="1" serverAutoStart="true">
        <application path="/" applicationPool="Pool"><virtualDirectory path="/" physicalPath="/e/sitesroot/0"/></application>
        <application path="/admin" applicationPool="Admin pool"><virtualDirectory path="/" physicalPath="/e/sitesroot/1"/><virtualDirectory path="/images" physicalPath="/e/sitesroot/2"/></application>
        <bindings><binding protocol="http" bindingInformation="10.0.0.4:80:"/><binding protocol="https" bindingInformation="10.0.0.4:443:www.shop"/></bindings>
        <logFile directory="/c/logs"/>
      </site>
      <siteDefaults/>
    </sites>
  </system.applicationHost>
  <system.webServer><unknown keep="this">text</unknown></system.webServer>
</configuration>`

const realPath = (path: string) =>
  /^[c-f]:/i.test(path) ? `/${path.replaceAll('\\', '/').replace(':', '')}` : undefined

/** The command line as a startup script has it. */
function run(line: string, on = source, input = ''): Outcome {
  return runAppcmd(splitArguments(line), { source: on, input, realPath, address: '10.0.0.4' })
}

const applied = (section: string, path = '') =>
  `Applied configuration changes to section "${section}" for "MACHINE/WEBROOT/APPHOST${path}" at configuration commit path "MACHINE/WEBROOT/APPHOST"`

const poolsSection = 'system.applicationHost/applicationPools'

/** Lines of real packages and guides, the section that they change, and what stands in the file then. */
const settings: readonly (readonly [line: string, section: string, written: RegExp])[] = [
  [
    'set config -section:applicationPools -applicationPoolDefaults.processModel.idleTimeout:00:00:00',
    poolsSection,
    /<applicationPoolDefaults>\s*<processModel idleTimeout="00:00:00"\/>/,
  ],
  [
    'set config /section:applicationPools /applicationPoolDefaults.startMode:alwaysrunning',
    poolsSection,
    /<applicationPoolDefaults startMode="AlwaysRunning"\/>/,
  ],
  [
    'set config -section:system.applicationHost/applicationPools -applicationPoolDefaults.recycling.periodicRestart.time:00:00:00',
    poolsSection,
    /<recycling>\s*<periodicRestart time="00:00:00"\/>/,
  ],
  [
    'set config -section:applicationPools "/+applicationPoolDefaults.recycling.periodicRestart.schedule.[value=\'03:00:00\']" /commit:apphost',
    poolsSection,
    /<schedule>\s*<add value="03:00:00"\/>/,
  ],
  [
    "set config -section:system.applicationHost/applicationPools \"/+applicationPoolDefaults.environmentVariables.[name='A',value='b c']\" /commit:apphost",
    poolsSection,
    /<environmentVariables>\s*<add name="A" value="b c"\/>/,
  ],
  [
    'set config /section:applicationPools "/[name=\'admin pool\'].processModel.identityType:NetworkService"',
    poolsSection,
    /<add name="Admin pool"[^>]*>\s*<processModel identityType="NetworkService"\/>/,
  ],
  [
    'set config /section:urlCompression /doDynamicCompression:True /commit:apphost',
    'system.webServer/urlCompression',
    /<urlCompression doDynamicCompression="true"\/>/,
  ],
  [
    "set config /section:system.webServer/httpCompression /+\"dynamicTypes.[mimeType='application/json',enabled='True']\" /commit:apphost",
    'system.webServer/httpCompression',
    /<dynamicTypes>\s*<add mimeType="application\/json" enabled="true"\/>/,
  ],
  [
    `set config -section:system.webServer/httpCompression /+"dynamicTypes.[mimeType='application/json; charset=utf-8',enabled='True']" /commit:apphost`,
    'system.webServer/httpCompression',
    /<add mimeType="application\/json; charset=utf-8"/,
  ],
  [
    'set config -section:httpCompression -noCompressionForHttp10:false -noCompressionForProxies:false',
    'system.webServer/httpCompression',
    /<httpCompression noCompressionForHttp10="false" noCompressionForProxies="false"\/>/,
  ],
  [
    "set config /section:httpProtocol /+customHeaders.[name='X-Content-Type-Options',value='nosniff']",
    'system.webServer/httpProtocol',
    /<customHeaders>\s*<add name="X-Content-Type-Options" value="nosniff"\/>/,
  ],
  [
    "set config /section:system.webServer/fastCGI /+[fullPath='D:\\php\\php-cgi.exe',maxInstances='12',protocol='NamedPipe']",
    'system.webServer/fastCgi',
    /<application fullPath="D:\\php\\php-cgi.exe" maxInstances="12" protocol="NamedPipe"\/>/,
  ],
  [
    "set config /section:system.webServer/handlers \"/+[name='PHP',path='*.php',verb='*',modules='FastCgiModule',scriptProcessor='c:\\PHP\\php-cgi.exe|-n',resourceType='Either']\"",
    'system.webServer/handlers',
    /<add name="PHP" path="\*\.php" verb="\*" modules="FastCgiModule" scriptProcessor="c:\\PHP\\php-cgi.exe\|-n" resourceType="Either"\/>/,
  ],
  [
    "set config /section:staticContent /+[fileExtension='.woff2',mimeType='font/woff2']",
    'system.webServer/staticContent',
    /<mimeMap fileExtension="\.woff2" mimeType="font\/woff2"\/>/,
  ],
  [
    "set config -section:system.webServer/rewrite/allowedServerVariables /+[name='HTTP_X_FORWARDED_PROTO'] /commit:apphost",
    'system.webServer/rewrite/allowedServerVariables',
    /<rewrite>\s*<allowedServerVariables>\s*<add name="HTTP_X_FORWARDED_PROTO"\/>/,
  ],
  [
    "set config -section:system.webServer/rewrite/globalRules /+[name='www',stopProcessing='True'] /[name='www'].match.url:(.*) /[name='www'].action.type:Redirect /[name='www'].action.url:http://www.shop/{R:1}",
    'system.webServer/rewrite/globalRules',
    /<rule name="www" stopProcessing="true">\s*<match url="\(\.\*\)"\/>\s*<action type="Redirect" url="http:\/\/www\.shop\/\{R:1\}"\/>/,
  ],
  [
    'set config -section:system.webServer/proxy /enabled:"True" /preserveHostHeader:true /commit:apphost',
    'system.webServer/proxy',
    /<proxy enabled="True" preserveHostHeader="true"\/>/,
  ],
  [
    'set config -section:system.applicationHost/sites -siteDefaults.logfile.logFormat:"W3C" -siteDefaults.logFile.directory:D:\\logs',
    'system.applicationHost/sites',
    /<siteDefaults>\s*<logFile logFormat="W3C" directory="\/D\/logs"\/>/,
  ],
  [
    "set config /section:httpErrors /errorMode:Detailed /-[statusCode='404']",
    'system.webServer/httpErrors',
    /<httpErrors errorMode="Detailed">\s*<remove statusCode="404"\/>/,
  ],
  [
    'set config /section:defaultDocument /~files',
    'system.webServer/defaultDocument',
    /<files>\s*<clear\/>\s*<\/files>/,
  ],
  [
    "set config /section:requestFiltering /-hiddenSegments.[segment='bin'] /requestLimits.maxAllowedContentLength:2147483648",
    'system.webServer/security/requestFiltering',
    /<hiddenSegments>\s*<remove segment="bin"\/>\s*<\/hiddenSegments>\s*<requestLimits maxAllowedContentLength="2147483648"\/>/,
  ],
  [
    "set config -section:ipSecurity /allowUnlisted:false /+[ipAddress='10.0.0.0',subnetMask='255.0.0.0',allowed='true']",
    'system.webServer/security/ipSecurity',
    /<security>\s*<ipSecurity allowUnlisted="false">\s*<add ipAddress="10\.0\.0\.0" subnetMask="255\.0\.0\.0" allowed="true"\/>/,
  ],
  [
    'SET CONFIG /SECTION:anonymousAuthentication /userName: /commit:APPHOST',
    'system.webServer/security/authentication/anonymousAuthentication',
    /<anonymousAuthentication userName=""\/>/,
  ],
]

describe('appcmd set config', () => {
  for (const [line, section, written] of settings)
    it(line, () => {
      const { lines, exitCode, document = '' } = run(line)
      assert.deepEqual({ lines, exitCode }, { lines: [applied(section)], exitCode: 0 })
      assert.match(document, written)
      assert.match(document, /<unknown keep="this">text<\/unknown>/, 'what it does not know is kept')
      assert.deepEqual(readApplicationHost(document, 'c').errors, [])
    })

  it('of a site stands in a location, and the path of a directory below', () => {
    const one = run('set config webrole1_in_0_web/files/ /section:directoryBrowse /enabled:true /commit:apphost')
    assert.deepEqual(one.lines, [applied('system.webServer/directoryBrowse', '/WebRole1_IN_0_Web/files')])
    assert.match(
      one.document ?? '',
      /<location path="WebRole1_IN_0_Web\/files">\s*<system.webServer>\s*<directoryBrowse enabled="true"\/>/,
    )
    const none = run('set config "Default Web Site" /section:directoryBrowse /enabled:true')
    assert.deepEqual(none, failed(50, 'Cannot find SITE object with identifier "Default Web Site".'))
  })

  it('puts an item where it is to stand', () => {
    const before = run("set config /section:defaultDocument /+files.[value='b.htm']").document
    const after = run("set config /section:defaultDocument /+files.[@start,value='a.htm']", before).document ?? ''
    assert.match(after, /<add value="a\.htm"\/>\s*<add value="b\.htm"\/>/)
  })

  it('a second time says that it is there, by which scripts know that they have run (183)', () => {
    const line = "set config /section:httpCompression /+dynamicTypes.[mimeType='application/json',enabled='True']"
    const { document } = run(line)
    const again = run(line, document)
    assert.equal(again.exitCode, 183)
    assert.equal(again.document, undefined)
    assert.match(
      again.lines.join(),
      /^ERROR \( message:.*Cannot add duplicate collection entry of type 'add' with unique key attribute 'mimeType' set to 'application\/json' \)$/,
    )
  })

  const wrong: readonly (readonly [line: string, exitCode: number, said: RegExp])[] = [
    ['set config /section:nothing /x:1', 87, /Unknown config section "nothing"/],
    ['set config /x:1', 87, /Must specify the section/],
    ['set config /section:urlCompression', 87, /names nothing to be changed/],
    ['set config /section:urlCompression /doIt:true', 87, /Unknown attribute "doIt"/],
    [
      'set config /section:urlCompression /doDynamicCompression:perhaps',
      87,
      /"doDynamicCompression" is true or false; found "perhaps"/,
    ],
    [
      'set config /section:applicationPools /applicationPoolDefaults.processModel.idleTimeout:soon',
      87,
      /is a time such as/,
    ],
    [
      "set config /section:applicationPools /[name='none'].autoStart:true",
      4312,
      /Cannot find requested collection element\./,
    ],
    ["set config /section:applicationPools /-[name='none']", 4312, /Cannot find requested collection element\./],
    ["set config /section:handlers /+[name='x']", 87, /New add object missing required attributes/],
    ["set config /section:handlers /+[name='x", 87, /Invalid parameter/],
    ['set config one two /section:handlers', 87, /Invalid parameter "two"/],
    ['set', 87, /needs a verb and an object/],
    ['delete apppool Pool', 87, /names the pool "Pool", which is not there/],
    ['set site WebRole1_IN_0_Web /bindings:net.tcp/808:*', 87, /is none; it is http or https/],
    ['set backup x', 50, /is not known here/],
    ['start vdir x', 50, /The verb "start" is not known/],
  ]
  for (const [line, exitCode, text] of wrong)
    it(`refuses ${line} with ${exitCode}`, () => {
      const { document, ...answer } = run(line)
      assert.equal(document, undefined)
      assert.equal(answer.exitCode, exitCode)
      assert.match(answer.lines.join('\n'), text)
    })

  it('says which line of the file cannot be read', () => {
    assert.match(
      run('list sites', '<configuration>\n<x>').lines.join(),
      /^ERROR \( message:Cannot read configuration file: .*line 2/,
    )
  })
})

describe('appcmd clear config', () => {
  it('takes away an attribute, an item, a section', () => {
    const set = run(
      "set config /section:httpCompression /minFileSizeForComp:1 /+dynamicTypes.[mimeType='a/b']",
    ).document
    const attribute = run('clear config /section:httpCompression /minFileSizeForComp', set).document ?? ''
    assert.match(attribute, /<httpCompression>\s*<dynamicTypes>/)
    const item = run("clear config /section:httpCompression /dynamicTypes.[mimeType='a/b']", set).document ?? ''
    assert.match(item, /<dynamicTypes\/>/)
    assert.doesNotMatch(run('clear config /section:httpCompression', set).document ?? '', /httpCompression/)
  })
})

describe('appcmd lock config and unlock config', () => {
  it('unlocks what nobody has locked, and says so: real scripts do', () => {
    const { lines, exitCode, document } = run('unlock config -section:system.webServer/security/ipSecurity')
    assert.deepEqual(lines, [
      'Unlocked section "system.webServer/security/ipSecurity" at configuration path "MACHINE/WEBROOT/APPHOST".',
    ])
    assert.deepEqual({ exitCode, document }, { exitCode: 0, document: undefined })
  })

  it('locks a section with what it says, and gives both back (I-59)', () => {
    const set = run('set config /section:directoryBrowse /enabled:true').document
    const locked = run('lock config /section:directoryBrowse', set).document ?? ''
    assert.match(
      locked,
      /<location path="" overrideMode="Deny">\s*<system.webServer>\s*<directoryBrowse enabled="true"\/>/,
    )
    const [top, below] = readWebConfig(locked, 'c').value?.places ?? []
    assert.deepEqual([top?.sections.directoryBrowse, below?.overrideMode], [undefined, 'Deny'])
    const again = run('unlock config /section:directoryBrowse', locked).document ?? ''
    assert.ok(readWebConfig(again, 'c').value?.places[0]?.sections.directoryBrowse)
  })

  it('unlocks what configSections deny by default (overrideModeDefault)', () => {
    const sections =
      '<configSections><sectionGroup name="system.webServer"><section name="directoryBrowse" overrideModeDefault="Deny"/></sectionGroup></configSections>'
    const host = `<configuration>${sections}</configuration>`
    assert.equal(run('unlock config /section:defaultDocument', host).document, undefined)
    const unlocked = run('unlock config /section:directoryBrowse', host).document ?? ''
    const places = readWebConfig(unlocked, 'c').value?.places ?? []
    assert.deepEqual(
      places.map(({ denied, overrideMode, sections: { directoryBrowse } }) => [
        denied,
        overrideMode,
        !!directoryBrowse,
      ]),
      [
        [['directoryBrowse'], 'Inherit', false],
        [[], 'Allow', true],
      ],
    )
  })
})

describe('appcmd list', () => {
  const site = 'SITE "WebRole1_IN_0_Web" (id:1,bindings:http/10.0.0.4:80:,https/10.0.0.4:443:www.shop,state:Started)'
  const rows: readonly (readonly [line: string, lines: readonly string[], exitCode?: number])[] = [
    ['list sites', [site]],
    ['list site webrole1_in_0_web', [site]],
    ['list site /id:1', [site]],
    ['list sites /text:name', ['WebRole1_IN_0_Web']],
    ['list sites /state:Stopped', [], 1],
    ['list site none', ['ERROR ( message:Cannot find SITE object with identifier "none". )'], 1],
    [
      'list apppools',
      [
        'APPPOOL "Pool" (MgdVersion:v4.0,MgdMode:Integrated,state:Started)',
        'APPPOOL "Admin pool" (MgdVersion:v4.0,MgdMode:Classic,state:Stopped)',
      ],
    ],
    ['list apppool /name:"Admin pool" /text:state', ['Stopped']],
    ['list apppool /name:$=adm*ol /text:apppool.name', ['Admin pool']],
    ['list apppool Pool /text:recycling.periodicRestart.time', ['1.05:00:00']],
    [
      'list apps',
      ['APP "WebRole1_IN_0_Web/" (applicationPool:Pool)', 'APP "WebRole1_IN_0_Web/admin" (applicationPool:Admin pool)'],
    ],
    [
      'list vdirs /app.name:WebRole1_IN_0_Web/admin',
      [
        'VDIR "WebRole1_IN_0_Web/admin/" (physicalPath:/e/sitesroot/1)',
        'VDIR "WebRole1_IN_0_Web/admin/images" (physicalPath:/e/sitesroot/2)',
      ],
    ],
    ["list site /text:[path='/admin'].applicationPool", ['Admin pool']],
    [
      'list config /section:unknown',
      ['ERROR ( message:Unknown config section "unknown".  Replace with -? for help. )'],
      87,
    ],
    ['list config /section:httpErrors', ['<system.webServer>', '  <httpErrors/>', '</system.webServer>']],
  ]
  for (const [line, lines, exitCode = 0] of rows)
    it(line, () => assert.deepEqual(run(line), { lines, exitCode, poolWords: [] }))

  it('in XML goes into another appcmd', () => {
    const { lines } = run('list apppools /xml')
    const { children } = parseXml(lines.join('\n'))
    assert.deepEqual(
      { ...children[0]?.attributes },
      { 'APPPOOL.NAME': 'Pool', PipelineMode: 'Integrated', RuntimeVersion: 'v4.0', state: 'Started' },
    )
    const recycled = run('recycle apppool /in', source, lines.join('\n'))
    assert.deepEqual(recycled.lines, ['"Pool" successfully recycled', '"Admin pool" successfully recycled'])
    assert.deepEqual(
      recycled.poolWords.map(({ pool }) => pool),
      ['Pool', 'Admin pool'],
    )
  })

  it('with its configuration', () => {
    assert.match(run('list apppool Pool /config').lines.join('\n'), /^<add name="Pool"[^]*<\/add>$/)
    assert.match(
      run('list apppool Pool /text:*').lines.join('\n'),
      /^APPPOOL\n {2}APPPOOL\.NAME:"Pool"[^]*\[periodicRestart\]\n {8}time:"1\.05:00:00"$/,
    )
  })
})

describe('appcmd on sites, applications, directories and pools', () => {
  it('adds, changes and deletes a pool', () => {
    const added = run('add apppool /name:"New" /managedRuntimeVersion: /processModel.idleTimeout:00:00:00')
    assert.deepEqual(added.lines, ['APPPOOL object "New" added'])
    assert.match(
      added.document ?? '',
      /<add name="New" managedRuntimeVersion="">\s*<processModel idleTimeout="00:00:00"\/>/,
    )
    assert.deepEqual(
      run('add apppool /name:new', added.document),
      failed(183, 'Failed to add duplicate collection element "new".'),
    )
    const changed = run(
      'set apppool /apppool.name:New /startMode:AlwaysRunning -recycling.periodicRestart.time:00:00:00',
      added.document,
    )
    assert.deepEqual(changed.lines, ['APPPOOL object "New" changed'])
    assert.match(changed.document ?? '', /<add name="New" managedRuntimeVersion="" startMode="AlwaysRunning">/)
    const deleted = run('delete apppool New', changed.document)
    assert.deepEqual(deleted.lines, ['APPPOOL object "New" deleted'])
    assert.doesNotMatch(deleted.document ?? '', /"New"/)
    assert.deepEqual(
      run('set apppool New /autoStart:true'),
      failed(50, 'Cannot find APPPOOL object with identifier "New".'),
    )
  })

  it('adds a site with its application and directory, and others below', () => {
    const site = run('add site /name:Second /bindings:http/*:8080:,http://a.b:8081 /physicalPath:E:\\sitesroot\\3')
    assert.deepEqual(site.lines, [
      'SITE object "Second" added',
      'APP object "Second/" added',
      'VDIR object "Second/" added',
    ])
    assert.deepEqual(run('list site Second', site.document).lines, [
      'SITE "Second" (id:2,bindings:http/10.0.0.4:8080:,http/10.0.0.4:8081:a.b,state:Started)',
    ])
    const app = run(
      'add app /site.name:Second /path:/api /physicalPath:E:\\sitesroot\\4 /applicationPool:Pool',
      site.document,
    )
    assert.deepEqual(app.lines, ['APP object "Second/api" added', 'VDIR object "Second/api/" added'])
    const directory = run('add vdir /app.name:Second/api /path:/files /physicalPath:C:\\files', app.document)
    assert.deepEqual(directory.lines, ['VDIR object "Second/api/files" added'])
    assert.deepEqual(run('list vdirs /path:/files /text:physicalPath', directory.document).lines, ['/C/files'])
    assert.deepEqual(run('set vdir Second/api/files /physicalPath:/x', directory.document).lines, [
      'VDIR object "Second/api/files" changed',
    ])
    assert.deepEqual(
      run('add app /site.name:Third /path:/api'),
      failed(50, 'Cannot find SITE object with identifier "Third".'),
    )
  })

  it('changes a site’s bindings, applications and log', () => {
    const { document = '' } = run(
      "set site WebRole1_IN_0_Web /+bindings.[protocol='http',bindingInformation='*:8080:'] /[path='/admin'].applicationPool:Pool /logFile.logFormat:W3C",
    )
    assert.match(document, /<binding protocol="http" bindingInformation="10\.0\.0\.4:8080:"\/>/)
    assert.match(document, /<application path="\/admin" applicationPool="Pool">/)
    assert.match(document, /<logFile directory="\/c\/logs" logFormat="W3C"\/>/)
  })

  it('starts and stops, in the file and at once', () => {
    const stopped = run('stop apppool /apppool.name:Pool')
    assert.deepEqual(stopped.poolWords, [{ kind: 'stopPool', pool: 'Pool' }])
    assert.deepEqual(run('list apppool Pool /text:state', stopped.document).lines, ['Stopped'])
    const started = run('start apppool Pool', stopped.document)
    assert.deepEqual(run('list apppool Pool /text:state', started.document).lines, ['Started'])
    const site = run('stop site WebRole1_IN_0_Web')
    assert.deepEqual(site.poolWords, [])
    assert.deepEqual(run('list sites /text:state', site.document).lines, ['Stopped'])
  })
})

describe('whatever is said to appcmd', () => {
  it('it answers, and what it leaves is a configuration', () => {
    const parts = [
      'set',
      'list',
      'add',
      'config',
      'apppool',
      'site',
      'Pool',
      '/section:handlers',
      '/section:applicationPools',
      '/name:x',
      "/+[name='a']",
      '/-[x=1]',
      '/~files',
      '/__proto__:1',
      "/[name='Pool'].constructor.x:y",
      '/text:*',
      '/xml',
      '-',
      '/',
      '/:',
      '/a.',
      '/[',
      '/section:system.webServer/__proto__',
      '/section:sites',
      '/siteDefaults.logFile.constructor.x:1',
      '/section:proxy',
      "/+[toString='a']",
      "/-[toString='b']",
    ]
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...parts), fc.string()), { maxLength: 8 }), (words) => {
        const { exitCode, document } = runAppcmd(words, { source, input: '', realPath })
        assert.equal(typeof exitCode, 'number')
        if (document !== undefined) assert.deepEqual(readApplicationHost(document, 'c').errors, [])
      }),
      { numRuns: 2_000 },
    )
  })
})

function failed(exitCode: number, message: string): Outcome {
  return { lines: [`ERROR ( message:${message} )`], exitCode, poolWords: [] }
}
