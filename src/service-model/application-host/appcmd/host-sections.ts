import { choice, collection, duration, flag, manyVersions, section, text, whole } from '../../web-config/schema.ts'
import { poolDefaults } from '../application-host.ts'

const { failures, intervalMs } = poolDefaults.rapidFail
const most = 2 ** 32 - 1

const environmentVariables = collection({}, { schema: section({ name: text(), value: text('') }), key: ['name'] })

const poolElements = {
  processModel: section({
    identityType: choice(
      ['LocalSystem', 'LocalService', 'NetworkService', 'SpecificUser', 'ApplicationPoolIdentity'],
      'ApplicationPoolIdentity',
    ),
    userName: text(''),
    password: text(''),
    loadUserProfile: flag(false),
    setProfileEnvironment: flag(true),
    logonType: text('LogonBatch'),
    manualGroupMembership: flag(false),
    idleTimeout: duration(poolDefaults.idleTimeoutMs),
    idleTimeoutAction: choice(['Terminate', 'Suspend'], 'Terminate'),
    maxProcesses: whole(0, 2 ** 31 - 1, 1),
    shutdownTimeLimit: duration(poolDefaults.shutdownTimeLimitMs),
    startupTimeLimit: duration(poolDefaults.startupTimeLimitMs),
    pingingEnabled: flag(true),
    pingInterval: duration(30_000),
    pingResponseTime: duration(90_000),
    logEventOnProcessModel: text('IdleTimeout'),
  }),
  recycling: section(
    {
      disallowOverlappingRotation: flag(false),
      disallowRotationOnConfigChange: flag(false),
      logEventOnRecycle: text('Time, Memory, PrivateMemory'),
    },
    {
      periodicRestart: section(
        {
          time: duration(poolDefaults.periodicRestartMs),
          memory: whole(0, most, 0),
          privateMemory: whole(0, most, 0),
          requests: whole(0, most, 0),
        },
        { schedule: collection({}, { schema: section({ value: text() }), key: ['value'] }) },
      ),
    },
  ),
  failure: section({
    loadBalancerCapabilities: choice(['TcpLevel', 'HttpLevel'], 'HttpLevel'),
    orphanWorkerProcess: flag(false),
    orphanActionExe: text(''),
    orphanActionParams: text(''),
    rapidFailProtection: flag(poolDefaults.rapidFail.isOn),
    rapidFailProtectionInterval: duration(intervalMs),
    rapidFailProtectionMaxCrashes: whole(0, 2 ** 31 - 1, failures),
    autoShutdownExe: text(''),
    autoShutdownParams: text(''),
  }),
  cpu: section({
    limit: whole(0, 100_000, 0),
    action: choice(['NoAction', 'KillW3wp', 'Throttle', 'ThrottleUnderLoad'], 'NoAction'),
    resetInterval: duration(300_000),
    smpAffinitized: flag(false),
    smpProcessorAffinityMask: text(''),
    smpProcessorAffinityMask2: text(''),
  }),
  environmentVariables,
} as const

const poolAttributes = {
  queueLength: whole(10, 65_535, poolDefaults.queueLength),
  autoStart: flag(poolDefaults.autoStart),
  startMode: choice(['OnDemand', 'AlwaysRunning'], poolDefaults.startMode),
  enable32BitAppOnWin64: flag(false),
  managedRuntimeVersion: text('v4.0'),
  managedRuntimeLoader: text(''),
  enableConfigurationOverride: flag(true),
  managedPipelineMode: choice(['Integrated', 'Classic'], 'Integrated'),
  CLRConfigFile: text(''),
  passAnonymousToken: flag(true),
} as const

/** An application pool, with every setting of IIS: real scripts use them, and many change nothing here. */
export const pool = section({ name: text(), ...poolAttributes }, poolElements)

const directoryAttributes = {
  physicalPath: text(''),
  userName: text(''),
  password: text(''),
  logonMethod: text('ClearText'),
  allowSubDirConfig: flag(true),
} as const

export const virtualDirectory = section({ path: text(), ...directoryAttributes })

const applicationAttributes = {
  applicationPool: text(''),
  enabledProtocols: text('http'),
  serviceAutoStartEnabled: flag(false),
  serviceAutoStartProvider: text(''),
  preloadEnabled: flag(false),
} as const

export const application = collection(
  { path: text(), ...applicationAttributes },
  { item: 'virtualDirectory', schema: virtualDirectory, key: ['path'] },
  { virtualDirectoryDefaults: section(directoryAttributes) },
)

export const binding = section({
  protocol: text(),
  bindingInformation: text(),
  sslFlags: whole(0, 0xffff, 0),
  certificateHash: text(''),
  certificateStoreName: text(''),
})

const siteElements = {
  bindings: collection({}, { item: 'binding', schema: binding, key: ['protocol', 'bindingInformation'] }),
  limits: section({
    maxBandwidth: whole(0, most, most),
    maxConnections: whole(0, most, most),
    connectionTimeout: duration(120_000),
    maxUrlSegments: whole(0, 16_383, 32),
  }),
  logFile: manyVersions(
    section({
      enabled: flag(true),
      directory: text(''),
      logFormat: choice(['IIS', 'NCSA', 'W3C', 'Custom'], 'W3C'),
      logExtFileFlags: text(''),
      period: choice(['Hourly', 'Daily', 'Weekly', 'Monthly', 'MaxSize'], 'Daily'),
      truncateSize: whole(0, most, 20_971_520),
      localTimeRollover: flag(false),
      logSiteId: flag(true),
      logTargetW3C: text('File'),
      flushByEntryCountW3CLog: whole(0, most, 0),
    }),
  ),
  traceFailedRequestsLogging: section({
    enabled: flag(false),
    directory: text(''),
    maxLogFiles: whole(0, 10_000, 50),
    maxLogFileSizeKB: whole(0, 1_048_576, 1_024),
    customActionsEnabled: flag(false),
  }),
  applicationDefaults: section(applicationAttributes),
  virtualDirectoryDefaults: section(directoryAttributes),
} as const

export const site = collection(
  { name: text(), id: whole(1, most), serverAutoStart: flag(true) },
  { item: 'application', schema: application, key: ['path'] },
  siteElements,
)

/** The sections of system.applicationHost that scripts of cloud services change, by their path below it. */
export const hostSections = {
  applicationPools: collection(
    {},
    { schema: pool, key: ['name'] },
    { applicationPoolDefaults: section(poolAttributes, poolElements) },
  ),
  sites: collection(
    {},
    { item: 'site', schema: site, key: ['name'] },
    {
      siteDefaults: section({ serverAutoStart: flag(true) }, siteElements),
      applicationDefaults: section(applicationAttributes),
      virtualDirectoryDefaults: section(directoryAttributes),
    },
  ),
} as const
