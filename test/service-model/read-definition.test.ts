import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readDefinition } from '../../src/service-model/read-definition.ts'
import { csdef, definitionOf, valueOf, web, worker, workerWith } from './documents.ts'

const input = (name: string, port: number, more = '') =>
  `<InputEndpoint name="${name}" protocol="tcp" port="${port}" ${more} />`
const range = (name: string, min: number, max: number) =>
  `<InstanceInputEndpoint name="${name}" protocol="tcp" localPort="10100"><AllocatePublicPortFrom><FixedPortRange min="${min}" max="${max}" /></AllocatePublicPortFrom></InstanceInputEndpoint>`
const probe = (attributes: string) =>
  `<LoadBalancerProbes><LoadBalancerProbe name="Up" ${attributes} /></LoadBalancerProbes>${worker()}`
const site = (bindings: string) =>
  `<WebRole name="Web"><Sites><Site name="Main">${bindings}</Site></Sites><Endpoints><InputEndpoint name="Http" protocol="http" port="80" /></Endpoints></WebRole>`
const variable = (content: string) =>
  worker(`<Runtime><Environment><Variable name="V" ${content}</Variable></Environment></Runtime>`)
const rule = (content: string) =>
  `${workerWith('<InternalEndpoint name="In" protocol="tcp" />')}<NetworkTrafficRules><OnlyAllowTrafficTo>${content}</OnlyAllowTrafficTo></NetworkTrafficRules>`
const many = (count: number, each: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => each(i)).join('')

describe('what a definition may not say (2.15)', () => {
  const refused: readonly (readonly [situation: string, content: string, error: RegExp, attributes?: string])[] = [
    ['no role', '', /the service has no role/],
    ['26 roles', many(26, (i) => worker('', `name="R${i}"`)), /has 26 roles; 25 is the most/],
    ['26 input endpoints', workerWith(many(26, (i) => input(`E${i}`, 100 + i))), /26 input endpoints; 25/],
    [
      '26 internal endpoints',
      workerWith(many(26, (i) => `<InternalEndpoint name="E${i}" protocol="tcp" />`)),
      /26 internal endpoints/,
    ],
    [
      '26 instance input endpoints',
      workerWith(many(26, (i) => range(`E${i}`, 1000 + i, 1000 + i))),
      /26 instance input endpoints/,
    ],
    ['two roles of one name', worker('', 'name="A"') + web('', 'name="a"'), /two roles are called a; letter case/],
    ['a role name with a separator', worker('', 'name="A|B"'), /has one of : \|/],
    ['a role without a name', worker('', ''), /WorkerRole needs the attribute name/],
    [
      'two endpoints of one name',
      workerWith(`${input('E', 80)}<InternalEndpoint name="E" protocol="tcp" />`),
      /two endpoints called E/,
    ],
    [
      'two settings of one name',
      worker('<ConfigurationSettings><Setting name="S" /><Setting name="S" /></ConfigurationSettings>'),
      /two settings called S/,
    ],
    [
      'two certificates of one name',
      worker(
        `<Certificates>${'<Certificate name="C" storeLocation="LocalMachine" storeName="My" />'.repeat(2)}</Certificates>`,
      ),
      /two certificates called C/,
    ],
    [
      'two local stores of one name',
      worker(`<LocalResources>${'<LocalStorage name="L" />'.repeat(2)}</LocalResources>`),
      /two local stores called L/,
    ],
    [
      'two imports of one module',
      worker('<Imports><Import moduleName="diagnostics" /><Import moduleName="Diagnostics" /></Imports>'),
      /two imports called Diagnostics/,
    ],
    [
      'two sites of one name',
      `<WebRole name="Web"><Sites>${many(2, (i) => `<Site name="${'sS'[i]}"><Bindings><Binding name="B" endpointName="Http" hostHeader="${i}.example" /></Bindings></Site>`)}</Sites><Endpoints><InputEndpoint name="Http" protocol="http" port="80" /></Endpoints></WebRole>`,
      /two sites called S/,
    ],
    [
      'two probes of one name',
      `<LoadBalancerProbes>${'<LoadBalancerProbe name="P" protocol="tcp" />'.repeat(2)}</LoadBalancerProbes>${worker()}`,
      /two LoadBalancerProbes are called P/,
    ],
    [
      'one public port twice',
      workerWith(input('A', 80)) + web(),
      /public tcp port 80, which endpoint A of role Worker has already/,
    ],
    [
      'a public port in an instance range',
      workerWith(range('R', 80, 89) + input('A', 85)),
      /The reserved port range '80-89' for endpoint R of role 'Worker' overlaps with an already defined port or range\./,
    ],
    [
      'overlapping instance ranges',
      workerWith(range('R', 80, 89) + range('Q', 89, 99)),
      /The reserved port range '89-99' for endpoint Q of role 'Worker' overlaps/,
    ],
    [
      'https without a certificate',
      workerWith('<InputEndpoint name="E" protocol="https" port="443" />'),
      /is https and needs a certificate/,
    ],
    [
      'a probe that is not there',
      workerWith(input('E', 80, 'loadBalancerProbe="P"')),
      /probe P, which LoadBalancerProbes does not define/,
    ],
    [
      'a binding to no endpoint',
      site('<Bindings><Binding name="B" endpointName="Nowhere" /></Bindings>'),
      /endpoint Nowhere, which is no input or internal endpoint/,
    ],
    [
      'one address for two sites',
      `<WebRole name="Web"><Sites>${many(2, (i) => `<Site name="S${i}"><Bindings><Binding name="B" endpointName="Http" /></Bindings></Site>`)}</Sites><Endpoints><InputEndpoint name="Http" protocol="http" port="80" /></Endpoints></WebRole>`,
      /same endpoint and host header/,
    ],
    ['a site without bindings', site(''), /Site Main has no Binding/],
    ['an empty Sites', '<WebRole name="Web"><Sites /></WebRole>', /Sites is empty/],
    [
      'a program in a web role',
      web(
        '<Runtime><EntryPoint><ProgramEntryPoint commandLine="x" setReadyOnProcessStart="true" /></EntryPoint></Runtime>',
      ),
      /WebRole Web has a ProgramEntryPoint/,
    ],
    [
      'sites in a worker role',
      worker('<Sites><Site name="S"><Bindings><Binding name="B" endpointName="E" /></Bindings></Site></Sites>'),
      /WorkerRole Worker has Sites/,
    ],
    [
      'two entry points',
      worker(
        '<Runtime><EntryPoint><ProgramEntryPoint commandLine="x" setReadyOnProcessStart="true" /><NetFxEntryPoint assemblyName="a.dll" targetFrameworkVersion="v4.0" /></EntryPoint></Runtime>',
      ),
      /keep one of them/,
    ],
    ['an empty entry point', worker('<Runtime><EntryPoint /></Runtime>'), /EntryPoint is empty/],
    [
      'a program that does not say when it is ready',
      worker('<Runtime><EntryPoint><ProgramEntryPoint commandLine="x" /></EntryPoint></Runtime>'),
      /setReadyOnProcessStart of ProgramEntryPoint is one of/,
    ],
    [
      'a .NET entry point without a framework',
      worker('<Runtime><EntryPoint><NetFxEntryPoint assemblyName="a.dll" /></EntryPoint></Runtime>'),
      /needs the attribute targetFrameworkVersion/,
    ],
    [
      'a variable with value and xpath',
      variable('value="1"><RoleInstanceValue xpath="/RoleEnvironment/Deployment/@id" />'),
      /both a value and a RoleInstanceValue/,
    ],
    ['a variable with neither', variable('>'), /neither a value nor a RoleInstanceValue/],
    [
      'an xpath outside the list',
      variable('><RoleInstanceValue xpath="/RoleEnvironment/Roles" />'),
      /not one of the expressions/,
    ],
    ['an http probe without a path', probe('protocol="http"'), /is http and needs a path/],
    ['a tcp probe with a path', probe('protocol="tcp" path="/"'), /is tcp and cannot have a path/],
    [
      'a probe interval of 4 s',
      probe('protocol="tcp" intervalInSeconds="4"'),
      /intervalInSeconds of LoadBalancerProbe is a whole number from 5 to 86400; found "4"/,
    ],
    [
      'a probe timeout of 10 s',
      probe('protocol="tcp" timeoutInSeconds="10"'),
      /timeoutInSeconds of LoadBalancerProbe is a whole number from 11 to 86400/,
    ],
    [
      'a probe interval of three thousand years',
      probe('protocol="tcp" intervalInSeconds="99999999999"'),
      /intervalInSeconds of LoadBalancerProbe is a whole number from 5 to 86400; found "99999999999"/,
    ],
    [
      'a probe timeout of three thousand years',
      probe('protocol="tcp" timeoutInSeconds="99999999999"'),
      /timeoutInSeconds of LoadBalancerProbe is a whole number from 11 to 86400; found "99999999999"/,
    ],
    ['a port in other digits', workerWith('<InputEndpoint name="E" protocol="tcp" port="٣" />'), /found "٣"/],
    ['a port with an exponent', workerWith('<InputEndpoint name="E" protocol="tcp" port="1e3" />'), /found "1e3"/],
    [
      'local storage that leaves its directory',
      worker('<LocalResources><LocalStorage name="../L" /></LocalResources>'),
      /the name of local storage "\.\.\/L" has one of/,
    ],
    ['a role name of 101 bytes', worker('', `name="${'W'.repeat(101)}"`), /has 101 bytes; 100 are the most/],
    [
      'a variable whose name holds an equals sign',
      worker('<Runtime><Environment><Variable name="A=B" value="" /></Environment></Runtime>'),
      /the variable A=B holds an equals sign/,
    ],
    [
      'an attribute that every object of the language has',
      worker('', 'name="W" __proto__="x"'),
      /unknown attribute __proto__ on WorkerRole/,
    ],
    [
      'protocol any with a port',
      workerWith('<InternalEndpoint name="E" protocol="any" port="*" />'),
      /protocol any, which means every port/,
    ],
    [
      'an internal port said twice',
      workerWith('<InternalEndpoint name="E" protocol="tcp" port="1"><FixedPort port="1" /></InternalEndpoint>'),
      /says its port more than once/,
    ],
    ['public port 0', workerWith(input('E', 0)), /port of InputEndpoint is a whole number from 1 to 65535; found "0"/],
    ['public port 65536', workerWith(input('E', 65_536)), /found "65536"/],
    ['local port 0', workerWith(input('E', 80, 'localPort="0"')), /localPort of InputEndpoint is a whole number/],
    ['a swapped range', workerWith(range('R', 92, 89)), /min 92 above max 89/],
    [
      'an instance endpoint without a range',
      workerWith('<InstanceInputEndpoint name="E" protocol="tcp" localPort="1" />'),
      /needs AllocatePublicPortFrom/,
    ],
    [
      'more local storage than disk',
      worker(
        '<LocalResources><LocalStorage name="L" sizeInMB="15385" /></LocalResources>',
        'name="W" vmsize="ExtraSmall"',
      ),
      /asks for 19481 MB of local storage, DiagnosticStore included; ExtraSmall has 19480 MB/,
    ],
    ['an unknown size', worker('', 'name="W" vmsize="Huge"'), /unknown vmsize "Huge"; known sizes: ExtraSmall, Small/],
    [
      'no upgrade domain',
      worker(),
      /upgradeDomainCount of ServiceDefinition is a whole number from 1 to 20; found "0"/,
      'upgradeDomainCount="0"',
    ],
    ['21 upgrade domains', worker(), /found "21"/, 'upgradeDomainCount="21"'],
    ['an unknown element', worker('<Startups />'), /unknown element Startups in WorkerRole/],
    [
      'a misspelled attribute',
      worker('<LocalResources><LocalStorage name="L" sizeInMb="1" /></LocalResources>'),
      /unknown attribute sizeInMb on LocalStorage; it is spelled sizeInMB/,
    ],
    ['a container twice', worker('<Imports /><Imports />'), /element Imports occurs twice in WorkerRole/],
    [
      'an upper-case protocol',
      workerWith('<InputEndpoint name="E" protocol="HTTP" port="80" />'),
      /protocol of InputEndpoint is one of http, https, tcp, udp; found "HTTP"/,
    ],
    [
      'two forwarders',
      many(2, (i) =>
        worker(
          '<Imports><Import moduleName="RemoteAccess" /><Import moduleName="RemoteForwarder" /></Imports>',
          `name="W${i}"`,
        ),
      ),
      /one role of a service may/,
    ],
    [
      'a forwarder alone',
      worker('<Imports><Import moduleName="RemoteForwarder" /></Imports>'),
      /no role imports RemoteAccess/,
    ],
    [
      'a rule for no endpoint',
      rule('<Destinations><RoleEndpoint roleName="Worker" endpointName="X" /></Destinations><AllowAllTraffic />'),
      /names X, which is no internal endpoint of role Worker/,
    ],
    [
      'a rule for nobody',
      rule('<Destinations><RoleEndpoint roleName="Worker" endpointName="In" /></Destinations>'),
      /needs WhenSource or AllowAllTraffic/,
    ],
    [
      'a rule from no role',
      rule(
        '<Destinations><RoleEndpoint roleName="Worker" endpointName="In" /></Destinations><WhenSource matches="AnyRule"><FromRole roleName="X" /></WhenSource>',
      ),
      /names the role X, which does not exist/,
    ],
  ]
  for (const [situation, content, error, attributes] of refused)
    it(`refuses ${situation}`, () => {
      const { value, errors } = readDefinition(csdef(content, attributes))
      assert.equal(value, undefined)
      assert.equal(errors.length, 1, errors.join('\n'))
      assert.match(errors[0] ?? '', error)
    })

  const warned: readonly (readonly [situation: string, content: string, warning: RegExp])[] = [
    [
      'two bindings of one name',
      site(
        '<Bindings><Binding name="B" endpointName="Http" /><Binding name="B" endpointName="Http" hostHeader="a.example" /></Bindings>',
      ),
      /two bindings called B/,
    ],
    [
      'two bindings of one address',
      site(
        '<Bindings><Binding name="A" endpointName="Http" hostHeader="A.example" /><Binding name="B" endpointName="Http" hostHeader="a.example" /></Bindings>',
      ),
      /same endpoint and host header/,
    ],
    [
      'a certificate that is not there',
      workerWith('<InputEndpoint name="E" protocol="https" port="443" certificate="C" />'),
      /certificate C, which role Worker does not define/,
    ],
    [
      'an xpath to a setting that is not there',
      variable(
        `><RoleInstanceValue xpath="/RoleEnvironment/CurrentInstance/ConfigurationSettings/ConfigurationSetting[@name='S']/@value" />`,
      ),
      /ConfigurationSetting S, which the role does not have/,
    ],
  ]
  for (const [situation, content, warning] of warned)
    it(`warns of ${situation}, which real definitions have`, () => {
      const reading = readDefinition(csdef(content))
      const { warnings } = reading
      valueOf(reading)
      assert.equal(warnings.length, 1, warnings.join('\n'))
      assert.match(warnings[0] ?? '', warning)
    })

  it('tells every fault at once, each with file and line', () => {
    const source = csdef(`\n${worker('', 'name="A" vmsize="Huge"')}\n${workerWith(input('E', 0), 'name="B"')}`)
    const { errors } = readDefinition(source, { file: 'shop.csdef' })
    assert.deepEqual(
      errors.map((error) => error.split(':')[0]),
      ['shop.csdef(3)', 'shop.csdef(2)'],
    )
  })

  it('refuses what is no service definition', () => {
    assert.match(readDefinition('<a').errors.join(), /ServiceDefinition\.csdef\(1\): not well-formed XML/)
    for (const [wrong, says] of [
      [
        '<WorkerRole name="W">\n<Startp>\n</Startup></WorkerRole>',
        /<Startp> of line 2 is open where <\/Startup> stands on line 3; one of the two is mistyped/,
      ],
      [
        '<WorkerRole name="W">\n<Startup>\n</WorkerRole>',
        /<Startup> of line 2 is open where <\/WorkerRole> stands on line 3; close it before <WorkerRole> of line 1 ends/,
      ],
      [
        '<WorkerRol name="W">\n</WorkerRole >',
        /<WorkerRol> of line 1 is open where <\/WorkerRole> stands on line 2; one of the two is mistyped/,
      ],
    ] as const)
      assert.match(readDefinition(csdef(wrong)).errors.join(), says)
    assert.match(readDefinition('<a>\n<b>').errors.join(), /<b> of line 2 is never closed/)
    assert.match(
      readDefinition('<ServiceDefinition name="S" />').errors.join(),
      /found ServiceDefinition without a namespace/,
    )
    assert.match(
      readDefinition(`<!DOCTYPE a>${csdef(worker())}`).errors.join(),
      /document type declarations are not accepted/,
    )
  })
})

describe('what a definition says (2)', () => {
  it('makes defaults explicit', () => {
    const { upgradeDomainCount, topologyChangeDiscovery, roles } = definitionOf(
      worker('<LocalResources><LocalStorage name="L" /></LocalResources>'),
    )
    assert.equal(upgradeDomainCount, 5) // A-15
    assert.equal(topologyChangeDiscovery, 'UpgradeDomainWalk')
    assert.equal(roles[0]?.vmSize, 'Small') // A-6
    assert.deepEqual(roles[0]?.localResources, [{ name: 'L', sizeInMB: 1000, cleanOnRoleRecycle: true }])
  })

  it('takes the local port from the public one, and one free port for * (A-25)', () => {
    const [role] = definitionOf(
      workerWith(`${input('A', 80)}${input('B', 81, 'localPort="*"')}${input('C', 82, 'localPort="8080"')}`),
    ).roles
    assert.deepEqual(
      role?.inputEndpoints.map(({ localPort }) => localPort),
      [80, '*', 8080],
    )
  })

  it('takes any free port for a local port beyond all ports, with a warning, as a real definition has one', () => {
    const { value, warnings } = readDefinition(csdef(workerWith(input('A', 80, 'localPort="555555"'))))
    assert.equal(value?.roles[0]?.inputEndpoints[0]?.localPort, '*')
    assert.match(warnings.join(), /localPort 555555, which is no port/)
  })

  it('reads a fixed internal port in each of its forms as a range (2.4)', () => {
    const forms = [
      'port="7" />',
      '><FixedPort port="7" /></InternalEndpoint>',
      '><FixedPortRange min="7" max="7" /></InternalEndpoint>',
    ]
    for (const form of forms) {
      const [role] = definitionOf(workerWith(`<InternalEndpoint name="E" protocol="tcp" ${form}`)).roles
      assert.deepEqual(role?.internalEndpoints[0]?.range, { min: 7, max: 7 })
    }
  })

  it('takes the older forms of endpoints and local storage (2.3)', () => {
    const [role] = definitionOf(
      `<WebRole name="Web"><InputEndpoints><InputEndpoint name="A" protocol="http" port="80" /></InputEndpoints><InternalEndpoint name="B" protocol="tcp" /><LocalStorage name="L" /></WebRole>`,
    ).roles
    assert.equal(role?.inputEndpoints[0]?.name, 'A')
    assert.equal(role?.internalEndpoints[0]?.name, 'B')
    assert.equal(role?.localResources[0]?.name, 'L')
  })

  it('lets one transport use a port that the other has', () => {
    definitionOf(
      workerWith(
        '<InputEndpoint name="A" protocol="tcp" port="53" /><InputEndpoint name="B" protocol="udp" port="53" />',
      ),
    )
  })

  it('accepts both values of setReadyOnProcessStart (S-37)', () => {
    const [role] = definitionOf(
      worker(
        '<Runtime><EntryPoint><ProgramEntryPoint commandLine="run.cmd" setReadyOnProcessStart="false" /></EntryPoint></Runtime>',
      ),
    ).roles
    assert.deepEqual(role?.runtime.entryPoint, {
      kind: 'Program',
      commandLine: 'run.cmd',
      setReadyOnProcessStart: false,
    })
  })

  it('accepts a Node module as entry point without a framework (role-runtime.md 8, 2a)', () => {
    definitionOf(worker('<Runtime><EntryPoint><NetFxEntryPoint assemblyName="role.js" /></EntryPoint></Runtime>'))
  })

  it('leaves the names of imports in xpaths to the expansion', () => {
    const xpath =
      "/RoleEnvironment/CurrentInstance/ConfigurationSettings/ConfigurationSetting[@name='Microsoft.WindowsAzure.Plugins.Diagnostics.ConnectionString']/@value"
    definitionOf(
      worker(
        `<Imports><Import moduleName="Diagnostics" /></Imports><Runtime><Environment><Variable name="V"><RoleInstanceValue xpath="${xpath}" /></Variable></Environment></Runtime>`,
      ),
    )
  })

  it('lets WhenSource win over AllowAllTraffic and merges rules, with warnings (2.13)', () => {
    const rules = rule(
      '<Destinations><RoleEndpoint roleName="Worker" endpointName="In" /></Destinations><AllowAllTraffic /><WhenSource matches="AnyRule"><FromRole roleName="Worker" /></WhenSource>',
    )
    const { value, warnings } = readDefinition(csdef(`${rules}<NetworkTrafficRules />`))
    assert.deepEqual(value?.networkTrafficRules, [
      { destinations: [{ roleName: 'Worker', endpointName: 'In' }], fromRoles: ['Worker'] },
    ])
    assert.equal(warnings.length, 2)
  })

  it('warns of a web role without Sites, without http, and of partial trust', () => {
    const { warnings } = readDefinition(csdef('<WebRole name="W" enableNativeCodeExecution="0" />'))
    assert.equal(warnings.length, 3)
    assert.deepEqual(readDefinition(csdef('<WebRole name="W" />'), { packaged: true }).warnings, [])
  })

  it('reduces unknown names to warnings when lenient, and passes over other namespaces', () => {
    const { value, warnings } = readDefinition(csdef(worker('<New /><o:x xmlns:o="urn:o" o:y="1" />')), {
      lenient: true,
    })
    assert.ok(value)
    assert.match(warnings.join(), /unknown element New in WorkerRole/)
  })
})
