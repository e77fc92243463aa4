import type { Command } from '../fabric/contract/commands.ts'
import type { StoredPackage } from '../fabric/package-store/package-store.ts'
import type { InputEndpoint, RoleDefinition, Site, StartupTask } from '../service-model/definition.ts'
import type { RoleModel } from '../service-model/role-model.ts'

/** A role of a package that was never built: its program is a script of the simulator. */
export interface SimulatedRole {
  readonly name: string
  readonly instances: number
  /** `Small` when absent. */
  readonly size?: string | undefined
  /** Public port of an http endpoint; without one the role is in no rotation (L-17). */
  readonly httpPort?: number | undefined
  /** Value of the setting `Colour`, which every role has; `blue` when absent. */
  readonly colour?: string | undefined
  /** A certificate of the role, identified by one hexadecimal digit in upper case. */
  readonly certificate?: string | undefined
  /** Size of its local storage `Data`; none when absent. */
  readonly storageMB?: number | undefined
  /** The type of a second startup task; none when absent. */
  readonly beside?: 'background' | 'foreground' | undefined
  /** It is a full-IIS web role, with one site at its endpoint. */
  readonly hasSite?: boolean | undefined
}

export interface SimulatedService {
  readonly name: string
  readonly roles: readonly SimulatedRole[]
  /** 5 when absent. */
  readonly upgradeDomains?: number | undefined
  /** Name of the program in the package; another name makes another package; `v1` when absent. */
  readonly program?: string | undefined
  /** Topology changes go to all domains at once (U-53). */
  readonly blast?: boolean | undefined
  /** Guest operating system of the configuration; 4 when absent. */
  readonly osFamily?: number | undefined
  /** Release of it; `*` when absent. */
  readonly osVersion?: string | undefined
  /** Reserved address that the configuration names; none when absent. */
  readonly address?: string | undefined
}

/** A package as the fabric has it after reading. Two services of one form have the same package. */
export function packageOf({
  name,
  roles,
  upgradeDomains = 5,
  program = 'v1',
  blast = false,
}: SimulatedService): StoredPackage {
  const definition = {
    name,
    upgradeDomainCount: upgradeDomains,
    topologyChangeDiscovery: blast ? 'Blast' : 'UpgradeDomainWalk',
    loadBalancerProbes: [],
    roles: roles.map(roleOf),
    networkTrafficRules: [],
  } as const
  return {
    sha256: digest(program + JSON.stringify(definition)),
    warnings: [],
    model: {
      definition,
      roleModels: Object.fromEntries(definition.roles.map((role) => [role.name, roleModelOf(role)])),
      sdkVersion: '2.9.6',
      packageKind: '2012-03-15',
      entryPointFiles: {},
      contents: {},
    },
  }
}

/** The .cscfg that goes with it. */
export function configurationOf({ name, roles, osFamily = 4, osVersion = '*', address }: SimulatedService): string {
  const namespace = 'http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration'
  const entries = roles.map(
    ({ name: role, instances, colour = 'blue', certificate }) =>
      `<Role name="${role}"><Instances count="${instances}"/><ConfigurationSettings><Setting name="Colour" value="${colour}"/></ConfigurationSettings>${certificatesOf(certificate)}</Role>`,
  )
  return `<ServiceConfiguration serviceName="${name}" osFamily="${osFamily}" osVersion="${osVersion}" xmlns="${namespace}">${entries.join('')}${networkOf(address)}</ServiceConfiguration>`
}

/** The thumbprint of the certificate with that digit. */
export function thumbprintOf(digit: string): string {
  return digit.repeat(40)
}

export function addCertificates(service: string, digits: readonly string[]): Command {
  const certificates = digits.map((digit) => ({ thumbprint: thumbprintOf(digit), data: '' }))
  return { kind: 'addServiceCertificates', service, certificates }
}

function certificatesOf(digit: string | undefined): string {
  if (digit === undefined) return ''
  return `<Certificates><Certificate name="Tls" thumbprint="${thumbprintOf(digit)}" thumbprintAlgorithm="sha1"/></Certificates>`
}

function networkOf(address: string | undefined): string {
  if (address === undefined) return ''
  return `<NetworkConfiguration><AddressAssignments><ReservedIPs><ReservedIP name="${address}"/></ReservedIPs></AddressAssignments></NetworkConfiguration>`
}

function roleOf(role: SimulatedRole): RoleDefinition {
  const { name, size = 'Small', httpPort, certificate, storageMB, beside, hasSite = false } = role
  return {
    name,
    kind: hasSite ? 'WebRole' : 'WorkerRole',
    vmSize: size,
    enableNativeCodeExecution: true,
    imports: [],
    settings: ['Colour'],
    localResources: storageMB === undefined ? [] : [{ name: 'Data', sizeInMB: storageMB, cleanOnRoleRecycle: false }],
    inputEndpoints: httpPort === undefined ? [] : [httpEndpoint(httpPort)],
    internalEndpoints: [{ name: 'Peers', protocol: 'tcp' }],
    instanceInputEndpoints: [],
    certificates:
      certificate === undefined
        ? []
        : [{ name: 'Tls', storeLocation: 'LocalMachine', storeName: 'My', permissionLevel: 'limitedOrElevated' }],
    tasks: [taskOf('setup.sh', 'simple'), ...(beside === undefined ? [] : [taskOf('beside.sh', beside)])],
    runtime: {
      executionContext: 'limited',
      environment: [],
      entryPoint: { kind: 'NetFx', assemblyName: 'worker.mjs' },
    },
    ...(hasSite && { sites: [site] }),
    contents: [],
  }
}

const site: Site = {
  name: 'Web',
  physicalDirectory: 'approot',
  bindings: [{ name: 'HttpIn', endpointName: 'HttpIn' }],
  virtualApplications: [],
  virtualDirectories: [],
}

function taskOf(commandLine: string, taskType: StartupTask['taskType']): StartupTask {
  return { commandLine, executionContext: 'limited', taskType, environment: [] }
}

function httpEndpoint(port: number): InputEndpoint {
  return {
    name: 'HttpIn',
    protocol: 'http',
    port,
    localPort: port,
    ignoreRoleInstanceStatus: false,
    idleTimeoutInMinutes: 4,
    loadBalancerDistribution: 'none',
  }
}

function roleModelOf({ name, tasks, runtime, sites }: RoleDefinition): RoleModel {
  return { name, version: '2.9.6', tasks, runtime, pluginSettings: [], properties: {}, ...(sites && { sites }) }
}

/** 64 hexadecimal digits that stand for a hash: FNV-1a with eight offsets. They are only compared for equality. */
function digest(text: string): string {
  return Array.from({ length: 8 }, (_, offset) => {
    let hash = (0x811c9dc5 + offset) >>> 0
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0
    return hash.toString(16).padStart(8, '0')
  }).join('')
}
