import { choice, collection, duration, flag, manyVersions, section, text, whole } from '../web-config/schema.ts'
import { poolDefaults } from './application-host.ts'

const { failures, intervalMs } = poolDefaults.rapidFail

const poolElements = {
  processModel: manyVersions(
    section({
      idleTimeout: duration(poolDefaults.idleTimeoutMs),
      startupTimeLimit: duration(poolDefaults.startupTimeLimitMs),
      shutdownTimeLimit: duration(poolDefaults.shutdownTimeLimitMs),
    }),
  ),
  recycling: manyVersions(
    section({}, { periodicRestart: manyVersions(section({ time: duration(poolDefaults.periodicRestartMs) })) }),
  ),
  failure: manyVersions(
    section({
      rapidFailProtection: flag(poolDefaults.rapidFail.isOn),
      rapidFailProtectionMaxCrashes: whole(0, 0x7fffffff, failures),
      rapidFailProtectionInterval: duration(intervalMs),
    }),
  ),
} as const

const poolAttributes = {
  startMode: choice(['OnDemand', 'AlwaysRunning'], poolDefaults.startMode),
  autoStart: flag(poolDefaults.autoStart),
  queueLength: whole(10, 65_535, poolDefaults.queueLength),
} as const

/**
 * `applicationPools` of system.applicationHost. Of IIS's many settings of a pool, those that are carried out here; the others are skipped with a
 * warning.
 */
export const poolSchema = manyVersions(section({ name: text(), ...poolAttributes }, poolElements))

export const poolsSchema = manyVersions(
  collection(
    {},
    { schema: poolSchema, key: ['name'] },
    { applicationPoolDefaults: manyVersions(section(poolAttributes, poolElements)) },
  ),
)

const virtualDirectory = manyVersions(section({ path: text(), physicalPath: text() }))

const application = manyVersions(
  collection(
    { path: text(), applicationPool: text('') },
    { item: 'virtualDirectory', schema: virtualDirectory, key: ['path'] },
  ),
)

const binding = manyVersions(
  section({
    protocol: text(),
    bindingInformation: text(),
    certificateHash: text(''),
    sslFlags: whole(0, 0xffff, 0),
  }),
)

const logFile = manyVersions(section({ directory: text('') }))

const traceFailedRequestsLogging = manyVersions(
  section({ enabled: flag(false), directory: text(''), maxLogFiles: whole(0, 10_000, 50) }),
)

export const siteSchema = manyVersions(
  collection(
    { name: text(), id: whole(1, 0x7fffffff) },
    { item: 'application', schema: application, key: ['path'] },
    {
      bindings: collection({}, { item: 'binding', schema: binding, key: ['protocol', 'bindingInformation'] }),
      logFile,
      traceFailedRequestsLogging,
    },
  ),
)

/** `sites` of system.applicationHost. */
export const sitesSchema = manyVersions(
  collection(
    {},
    { item: 'site', schema: siteSchema, key: ['name'] },
    { siteDefaults: manyVersions(section({}, { logFile })) },
  ),
)
