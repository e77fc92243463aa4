import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { RoleModel } from '../../src/service-model/role-model.ts'
import { createDeployment, createShop, type Fabric, fabricOf, type Shipped, shipped } from './fabric.ts'
import { thumbprints } from './updates.ts'

const source = fileURLToPath(new URL('../../src/', import.meta.url))

/** Where a word of the schema is acted on; `told`: accepted with a warning of the table below; `refused`; `nothing`: the original did nothing with it either. */
const fates: Readonly<Record<string, string>> = {
  // Containers and what only says which.
  ...all(
    'read',
    'name LoadBalancerProbes LoadBalancerProbe WebRole WorkerRole Role Startup Task LocalResources LocalStorage',
  ),
  ...all(
    'read',
    'ConfigurationSettings Setting Endpoints InputEndpoints InputEndpoint InternalEndpoint FixedPort FixedPortRange',
  ),
  ...all(
    'read',
    'InstanceInputEndpoint AllocatePublicPortFrom Runtime EntryPoint NetFxEntryPoint ProgramEntryPoint Environment',
  ),
  ...all(
    'read',
    'Variable RoleInstanceValue Instances NetworkConfiguration AccessControls AccessControl Rule EndpointAcls EndpointAcl',
  ),
  ...all('read', 'AddressAssignments ReservedIPs ReservedIP serviceName role GuestAgentSettings'),
  upgradeDomainCount: 'fabric/controller/places/allocate.ts',
  topologyChangeDiscovery: 'fabric/controller/update/version.ts',
  schemaVersion: 'nothing',
  protocol: 'fabric/controller/rotation/rotation.ts',
  path: 'fabric/controller/rotation/rotation.ts',
  port: 'fabric/controller/rotation/rotation.ts',
  intervalInSeconds: 'fabric/controller/rotation/rotation.ts',
  timeoutInSeconds: 'fabric/controller/rotation/rotation.ts',
  vmsize: 'service-model/definition/role.ts',
  enableNativeCodeExecution: 'told',
  Imports: 'told',
  Import: 'told',
  moduleName: 'told',
  priority: 'service-model/plugin-tasks.ts',
  commandLine: 'guest/bootstrapper/perform.ts',
  executionContext: 'told',
  taskType: 'guest/bootstrapper/children.ts',
  relativePath: 'service-model/role-plan.ts',
  protocolVersion: 'nothing',
  value: 'guest/bootstrapper/role-variables.ts',
  xpath: 'guest/bootstrapper/role-variables.ts',
  sizeInMB: 'guest/guest-agent/measure.ts',
  cleanOnRoleRecycle: 'guest/contract/local-storage.ts',
  localPort: 'service-model/endpoints.ts',
  ignoreRoleInstanceStatus: 'fabric/controller/rotation/rotation.ts',
  loadBalancerProbe: 'fabric/controller/rotation/rotation.ts',
  loadBalancer: 'told',
  idleTimeoutInMinutes: 'fabric/controller/rotation/rotation.ts',
  loadBalancerDistribution: 'fabric/controller/rotation/rotation.ts',
  min: 'service-model/endpoints.ts',
  max: 'fabric/controller/places/local-ports.ts',
  ...all('told', 'Certificates Certificate certificate storeLocation storeName permissionLevel thumbprint'),
  thumbprintAlgorithm: 'refused',
  targetFrameworkVersion: 'told',
  assemblyName: 'service-model/role-plan.ts',
  setReadyOnProcessStart: 'service-model/role-plan.ts',
  ...all(
    'guest/iis-configurator/sites-of.ts',
    'Sites Site Bindings Binding physicalDirectory endpointName hostHeader VirtualApplication',
  ),
  VirtualDirectory: 'service-model/application-host/write-application-host.ts',
  OsImage: 'refused',
  ...all('machine/package/role-sources.ts', 'Contents Content'),
  destination: 'machine/package/role-sources.ts',
  SourceDirectory: 'machine/package/role-sources.ts',
  ...all(
    'told',
    'NetworkTrafficRules OnlyAllowTrafficTo Destinations RoleEndpoint roleName AllowAllTraffic WhenSource matches FromRole',
  ),
  osFamily: 'fabric/controller/servicing/release.ts',
  osVersion: 'told',
  vmName: 'told',
  count: 'service-model/configuration/role.ts',
  ...all('told', 'cleanupFirewallOnRoleRestart allowRoleProcessLocalDumps'),
  ...all('told', 'Dns VirtualNetworkSite InstanceAddress LoadBalancers LoadBalancer NetworkSecurityGroupRefs'),
  order: 'service-model/configuration/access-controls.ts',
  action: 'fabric/controller/rotation/rotation.ts',
  remoteSubnet: 'fabric/controller/rotation/rotation.ts',
  description: 'nothing',
  endPoint: 'fabric/controller/rotation/rotation.ts',
  endpoint: 'fabric/controller/rotation/rotation.ts',
  accessControl: 'fabric/controller/rotation/rotation.ts',
}

const program: RoleModel = {
  name: 'Web',
  version: '1',
  tasks: [],
  runtime: {
    executionContext: 'limited',
    environment: [],
    entryPoint: { kind: 'Program', commandLine: 'run', setReadyOnProcessStart: true },
  },
  pluginSettings: [],
  properties: {},
}

/** A worker role Web in .csdef and .cscfg, with one thing that is accepted and not done. */
interface Situation {
  readonly what: string
  readonly inRole?: string
  readonly endpoints?: string
  readonly beside?: string
  readonly runs?: Partial<RoleModel>
  readonly attributes?: string
  readonly role?: string
  readonly configured?: string
  readonly network?: string
  readonly warning: RegExp
}

const network = (content: string) => `<NetworkConfiguration>${content}</NetworkConfiguration>`
const told: readonly Situation[] = [
  {
    what: 'certificates for elevated processes',
    inRole:
      '<Certificates><Certificate name="Tls" storeLocation="LocalMachine" storeName="My" permissionLevel="elevated"/></Certificates>',
    configured: `<Certificates><Certificate name="Tls" thumbprint="${thumbprints[0]}"/></Certificates>`,
    warning: /private keys of role Web's certificates Tls are for elevated processes only/,
  },
  {
    what: 'an https endpoint without its certificate',
    endpoints: '<InputEndpoint name="Tls" protocol="https" port="443" certificate="Gone"/>',
    warning: /names the certificate Gone, which role Web does not define/,
  },
  {
    what: 'plug-ins',
    inRole:
      '<ConfigurationSettings><Setting name="Microsoft.WindowsAzure.Plugins.Connect.Enabled"/></ConfigurationSettings>',
    configured:
      '<ConfigurationSettings><Setting name="Microsoft.WindowsAzure.Plugins.Connect.Enabled" value="true"/></ConfigurationSettings>',
    warning: /plug-in Connect of role Web is passed over/,
  },
  {
    what: 'a plug-in of which there are the settings alone',
    inRole:
      '<ConfigurationSettings><Setting name="Microsoft.WindowsAzure.Plugins.Diagnostics.ConnectionString"/></ConfigurationSettings>',
    configured:
      '<ConfigurationSettings><Setting name="Microsoft.WindowsAzure.Plugins.Diagnostics.ConnectionString" value=""/></ConfigurationSettings>',
    warning: /plug-in Diagnostics of role Web is passed over: the role has its settings and none of its tasks/,
  },
  {
    what: 'an operator who would have the account of the fabric (P-28)',
    runs: {
      tasks: [
        {
          commandLine: 'RemoteAccessAgent.exe',
          executionContext: 'limited',
          taskType: 'background',
          relativePath: 'plugins\\RemoteAccess',
          environment: [],
        },
      ],
    },
    warning: /plug-in RemoteAccess of role Web lets nobody in/,
  },
  {
    what: 'Diagnostics without an account',
    inRole:
      '<ConfigurationSettings><Setting name="Microsoft.WindowsAzure.Plugins.Diagnostics.ConnectionString"/></ConfigurationSettings>',
    configured:
      '<ConfigurationSettings><Setting name="Microsoft.WindowsAzure.Plugins.Diagnostics.ConnectionString" value="AccountName=a"/></ConfigurationSettings>',
    warning: /Diagnostics of role 'Web' transfers nothing, .* names no AccountName with AccountKey/,
  },
  {
    what: 'startup tasks for administrators',
    runs: {
      tasks: [
        { commandLine: 'setup.sh 1', executionContext: 'elevated', taskType: 'simple', environment: [] },
        { commandLine: 'serve.sh', executionContext: 'elevated', taskType: 'background', environment: [] },
        { commandLine: 'other.sh', executionContext: 'limited', taskType: 'simple', environment: [] },
      ],
    },
    warning: /Startup tasks of role Web ask to be administrator .*: setup\.sh 1, serve\.sh\. They run with/,
  },
  {
    what: 'a role for administrators',
    runs: { runtime: { ...program.runtime, executionContext: 'elevated' } },
    warning: /The role Web asks to be administrator/,
  },
  {
    what: 'no entry point',
    runs: { runtime: { executionContext: 'limited', environment: [] } },
    warning: /role Web has no entry point/,
  },
  {
    what: 'a .NET entry point on a machine without Mono',
    runs: {
      runtime: {
        executionContext: 'limited',
        environment: [],
        entryPoint: { kind: 'NetFx', assemblyName: 'Web.dll', targetFrameworkVersion: 'v4.0' },
      },
    },
    warning:
      /entry point "Web.dll" of role Web cannot be run: it is a library of \.NET, and this machine has no Mono to run it: install/,
  },
  {
    what: 'network traffic rules',
    endpoints: '<InternalEndpoint name="In" protocol="tcp"/>',
    beside:
      '<NetworkTrafficRules><OnlyAllowTrafficTo><Destinations><RoleEndpoint roleName="Web" endpointName="In"/></Destinations><WhenSource matches="AnyRule"><FromRole roleName="Web"/></WhenSource></OnlyAllowTrafficTo></NetworkTrafficRules>',
    warning: /network traffic rules \(1\) are not enforced/,
  },
  {
    what: 'an internal load balancer',
    endpoints: '<InputEndpoint name="Inner" protocol="tcp" port="81" loadBalancer="Inside"/>',
    network: network('<LoadBalancers><LoadBalancer name="Inside"/></LoadBalancers>'),
    warning: /endpoint Inner of role Web is behind the internal load balancer Inside, which is not made/,
  },
  {
    what: 'an unknown osVersion',
    attributes: 'osVersion="latest"',
    warning: /osVersion "latest" is no release of osFamily 1/,
  },
  { what: 'a vmName', role: 'vmName="shop"', warning: /vmName "shop" of role Web is accepted and not done/ },
  ...['cleanupFirewallOnRoleRestart="false"', 'allowRoleProcessLocalDumps="true"'].map((attribute) => ({
    what: attribute,
    network: `<GuestAgentSettings ${attribute}/>`,
    warning: new RegExp(`${attribute} is accepted and not done`),
  })),
  ...[
    '<VirtualNetworkSite name="net"/>',
    '<AddressAssignments><InstanceAddress roleName="Web"><PublicIPs><PublicIP name="ip"/></PublicIPs></InstanceAddress></AddressAssignments>',
    '<Dns><DnsServers><DnsServer name="one" IPAddress="10.0.0.4"/></DnsServers></Dns>',
    '<NetworkSecurityGroupRefs><NetworkSecurityGroupRef roleName="Web"/></NetworkSecurityGroupRefs>',
  ].map((content) => ({
    what: /<(\w+)/.exec(content)?.[1] ?? '',
    network: network(content),
    warning: /is accepted and not done: Reddog gives addresses from its own network/,
  })),
]

describe('what users bring is done, or said', () => {
  it('word for word of the schema', () => {
    const words = new Set(
      globSync(`${source}service-model/{definition,configuration}/*.ts`)
        .concat(`${source}service-model/read-definition.ts`, `${source}service-model/read-configuration.ts`)
        .flatMap(wordsIn),
    )
    assert.deepEqual(
      [...words].filter((word) => !Object.hasOwn(fates, word)),
      [],
      'a word without a fate',
    )
    assert.deepEqual(
      Object.keys(fates).filter((word) => !words.has(word)),
      [],
      'a fate without a word',
    )
    const idle = Object.entries(fates).filter(
      ([word, fate]) =>
        fate.endsWith('.ts') && !readFileSync(`${source}${fate}`, 'utf8').toLowerCase().includes(word.toLowerCase()),
    )
    assert.deepEqual(idle, [], 'a file that does not know its word')
  })

  it('and nothing is said of a service that asks for nothing else', () => {
    const fabric = asked({ what: '', warning: / / })
    fabric.ask(deployment({ what: '', warning: / / }, true))
    assert.deepEqual(fabric.view().warnings, [])
  })

  for (const situation of told)
    it(`warns of ${situation.what}, and refuses it where warnings are errors`, () => {
      const fabric = asked(situation)
      fabric.ask(deployment(situation, false))
      assert.match(fabric.view().warnings.join('\n'), situation.warning)
      const strict = asked(situation)
      strict.ask(deployment(situation, true))
      assert.equal(strict.state.stored.deployment.size, 0)
      const [failed] = [...strict.state.stored.operation.values()].filter(({ error }) => error)
      assert.match(failed?.error?.message ?? '', /Severity:Warning/)
      assert.match(failed?.error?.message ?? '', situation.warning)
    })
})

function all(fate: string, words: string): Readonly<Record<string, string>> {
  return Object.fromEntries(words.split(' ').map((word) => [word, fate]))
}

/** The names of elements and attributes that a reader knows. */
function wordsIn(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8')
  const lists = [
    ...text.matchAll(/(?:attributes|once|many|containers)(?:: | = )(?:web \? )?\[([^\]]*)\](?: : \[([^\]]*)\])?/g),
  ].flatMap(([, one = '', other = '']) => [one, other])
  const listed = lists.flatMap((list) => [...list.matchAll(/'(\w+)'/g)].map(([, word = '']) => word))
  const looked = text
    .split('\n')
    .filter((line) => /\b(?:one|many)\(/.test(line))
    .flatMap((line) => [...line.matchAll(/, '([A-Z]\w+)'\)/g)].map(([, word = '']) => word))
  return [...listed, ...looked]
}

/** A fabric with the service, its certificates, and a package with that in it. */
function asked({ inRole = '', endpoints = '', beside = '', runs = {} }: Situation): Fabric {
  const http = '<InputEndpoint name="Http" protocol="http" port="80"/>'
  const parcel: Shipped = {
    ...shipped(),
    roles: [{ inside: inRole, endpoints: http + endpoints }],
    beside,
    roleModels: { Web: { ...program, ...runs } },
  }
  const fabric = fabricOf(parcel)
  fabric.host('a')
  fabric.host('b', { faultDomain: 1 })
  fabric.ask(createShop)
  fabric.ask({
    kind: 'addServiceCertificates',
    service: 'shop',
    certificates: [{ thumbprint: thumbprints[0], data: 'x' }],
  })
  return fabric
}

function deployment(
  { attributes = '', role = '', configured = '', network: rest = '' }: Situation,
  treatWarningsAsError: boolean,
) {
  const configuration = `<ServiceConfiguration serviceName="Shop" ${attributes} xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration"><Role name="Web" ${role}><Instances count="2"/>${configured}</Role>${rest}</ServiceConfiguration>`
  return createDeployment({ configuration, treatWarningsAsError })
}
