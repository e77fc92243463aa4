/** The service definition (.csdef) in canonical form: defaults made explicit, plug-ins expanded where it comes from a package (U-5). Types only; see service-model.md. */
export interface ServiceDefinition {
  readonly name: string
  /** 1 to 20, default 5. */
  readonly upgradeDomainCount: number
  readonly topologyChangeDiscovery: 'UpgradeDomainWalk' | 'Blast'
  readonly loadBalancerProbes: readonly LoadBalancerProbe[]
  /** In document order, web roles and worker roles mixed as written. */
  readonly roles: readonly RoleDefinition[]
  readonly networkTrafficRules: readonly NetworkTrafficRule[]
}

export interface LoadBalancerProbe {
  readonly name: string
  readonly protocol: 'http' | 'tcp'
  readonly path?: string | undefined
  readonly port?: number | undefined
  readonly intervalInSeconds: number
  readonly timeoutInSeconds: number
}

export type RoleKind = 'WebRole' | 'WorkerRole'

export interface RoleDefinition {
  readonly name: string
  readonly kind: RoleKind
  /** An ID of table 4 of service-model.md as written (`Small`, `A1`, `Standard_D1` …). */
  readonly vmSize: string
  readonly enableNativeCodeExecution: boolean
  readonly imports: readonly string[]
  readonly settings: readonly string[]
  readonly localResources: readonly LocalResource[]
  readonly inputEndpoints: readonly InputEndpoint[]
  readonly internalEndpoints: readonly InternalEndpoint[]
  readonly instanceInputEndpoints: readonly InstanceInputEndpoint[]
  readonly certificates: readonly CertificateDefinition[]
  /** Empty in a packaged definition: RoleModel.xml is the authority there. */
  readonly tasks: readonly StartupTask[]
  /** `Startup@priority` of the role's own tasks when it is not 0; spent, and so absent, once plug-ins are expanded (S-23). */
  readonly startupPriority?: number | undefined
  readonly runtime: Runtime
  /** Undefined: no Sites element (hosted web core). */
  readonly sites?: readonly Site[] | undefined
  readonly contents: readonly Content[]
}

export interface LocalResource {
  readonly name: string
  readonly sizeInMB: number
  readonly cleanOnRoleRecycle: boolean
}

export interface InputEndpoint {
  readonly name: string
  readonly protocol: 'http' | 'https' | 'tcp' | 'udp'
  readonly port: number
  readonly localPort: number | '*'
  readonly certificate?: string | undefined
  readonly ignoreRoleInstanceStatus: boolean
  readonly loadBalancerProbe?: string | undefined
  readonly loadBalancer?: string | undefined
  readonly idleTimeoutInMinutes: number
  readonly loadBalancerDistribution: 'sourceIP' | 'sourceIPProtocol' | 'none'
}

export interface PortRange {
  readonly min: number
  readonly max: number
}

export interface InternalEndpoint {
  readonly name: string
  readonly protocol: 'http' | 'tcp' | 'udp' | 'any'
  /** Undefined: one free port for each instance. */
  readonly range?: PortRange | undefined
}

export interface InstanceInputEndpoint {
  readonly name: string
  readonly protocol: 'tcp' | 'udp'
  readonly localPort: number
  readonly publicPorts: PortRange
  readonly idleTimeoutInMinutes: number
}

export interface CertificateDefinition {
  readonly name: string
  readonly storeLocation: 'LocalMachine' | 'CurrentUser'
  readonly storeName: string
  readonly permissionLevel: 'limitedOrElevated' | 'elevated'
}

export type ExecutionContext = 'limited' | 'elevated'

/** A constant, or the value of an xpath of the closed list S-32. */
export type Variable =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly xpath: string }

export interface StartupTask {
  readonly commandLine: string
  readonly executionContext: ExecutionContext
  readonly taskType: 'simple' | 'foreground' | 'background'
  readonly environment: readonly Variable[]
  /** `approot\`, `approot\bin`, `plugins\<module>` or `base\x64`: set in RoleModel.xml only. */
  readonly relativePath?: string | undefined
}

export interface Runtime {
  readonly executionContext: ExecutionContext
  readonly environment: readonly Variable[]
  readonly entryPoint?: EntryPoint | undefined
}

export type EntryPoint =
  | { readonly kind: 'NetFx'; readonly assemblyName: string; readonly targetFrameworkVersion?: string | undefined }
  | { readonly kind: 'Program'; readonly commandLine: string; readonly setReadyOnProcessStart: boolean }

export interface Site {
  readonly name: string
  readonly physicalDirectory?: string | undefined
  readonly bindings: readonly {
    readonly name: string
    readonly endpointName: string
    readonly hostHeader?: string | undefined
  }[]
  readonly virtualApplications: readonly VirtualPath[]
  readonly virtualDirectories: readonly VirtualPath[]
}

export interface VirtualPath {
  readonly name: string
  readonly physicalDirectory: string
  readonly virtualApplications: readonly VirtualPath[]
  readonly virtualDirectories: readonly VirtualPath[]
}

export interface Content {
  readonly destination: string
  readonly sourceDirectory: string
}

export interface NetworkTrafficRule {
  readonly destinations: readonly { readonly roleName: string; readonly endpointName: string }[]
  /** Undefined: all roles. */
  readonly fromRoles?: readonly string[] | undefined
}
