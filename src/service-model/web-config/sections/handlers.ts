import { choice, collection, duration, flag, manyVersions, section, text, whole } from '../schema.ts'

/** The handlers, by path (I-47). */
export const handlers = collection(
  { accessPolicy: text('Read, Script') },
  {
    schema: section({
      name: text(),
      path: text(),
      verb: text(),
      type: text(''),
      modules: text('ManagedPipelineHandler'),
      scriptProcessor: text(''),
      resourceType: choice(['File', 'Directory', 'Either', 'Unspecified'], 'Unspecified'),
      requireAccess: choice(['None', 'Read', 'Write', 'Script', 'Execute'], 'Script'),
      allowPathInfo: flag(false),
      preCondition: text(''),
      responseBufferLimit: whole(0, 2 ** 32 - 1, 4_194_304),
    }),
    key: ['name'],
    first: true,
  },
)

/** The modules that see every request on its way (I-28). */
export const modules = collection(
  { runAllManagedModulesForAllRequests: flag(false), runManagedModulesForWebDavRequests: flag(false) },
  { schema: section({ name: text(), type: text(''), preCondition: text('') }), key: ['name'] },
)

const variables = (item: string, name: string) =>
  collection({}, { item, schema: section({ [name]: text(), value: text('') }), key: [name] })

/** A program that gets a port and is sent requests (I-33). */
export const httpPlatform = manyVersions(
  section(
    {
      processPath: text(''),
      arguments: text(''),
      processesPerApplication: whole(1, 100, 1),
      rapidFailsPerMinute: whole(0, 100, 10),
      requestTimeout: duration(120_000),
      startupRetryCount: whole(0, 100, 10),
      startupTimeLimit: whole(0, 3_600, 10),
      stdoutLogEnabled: flag(false),
      stdoutLogFile: text(''),
      forwardWindowsAuthToken: flag(false),
    },
    {
      environmentVariables: variables('environmentVariable', 'name'),
      recycleOnFileChange: collection({}, { item: 'file', schema: section({ path: text() }), key: ['path'] }),
    },
  ),
)

/** The same for ASP.NET Core (I-33, I-46). */
export const aspNetCore = manyVersions(
  section(
    {
      processPath: text(''),
      arguments: text(''),
      disableStartUpErrorPage: flag(false),
      forwardWindowsAuthToken: flag(true),
      hostingModel: text(''),
      processesPerApplication: whole(1, 100, 1),
      rapidFailsPerMinute: whole(0, 100, 10),
      requestTimeout: duration(120_000),
      shutdownTimeLimit: whole(0, 3_600, 10),
      startupTimeLimit: whole(0, 3_600, 120),
      stdoutLogEnabled: flag(false),
      stdoutLogFile: text('aspnetcore-stdout'),
    },
    {
      environmentVariables: variables('environmentVariable', 'name'),
      handlerSettings: variables('handlerSetting', 'name'),
    },
  ),
)

/** Node behind a pipe or a port (I-31, I-38 to I-42). */
export const iisnode = manyVersions(
  section({
    node_env: text('%node_env%'),
    nodeProcessCommandLine: text(''),
    interceptor: text(''),
    nodeProcessCountPerApplication: whole(0, 100, 1),
    nodeProcessStickySessions: flag(false),
    maxConcurrentRequestsPerProcess: whole(1, 2 ** 31 - 1, 1_024),
    maxNamedPipeConnectionRetry: whole(0, 10_000, 100),
    namedPipeConnectionRetryDelay: whole(0, 600_000, 250),
    maxNamedPipeConnectionPoolSize: whole(0, 100_000, 512),
    maxNamedPipePooledConnectionAge: whole(0, 2 ** 31 - 1, 30_000),
    asyncCompletionThreadCount: whole(0, 1_000, 0),
    initialRequestBufferSize: whole(0, 2 ** 26, 4_096),
    maxRequestBufferSize: whole(0, 2 ** 26, 65_536),
    uncFileChangesPollingInterval: whole(0, 2 ** 31 - 1, 5_000),
    gracefulShutdownTimeout: whole(0, 3_600_000, 60_000),
    logDirectory: text('iisnode'),
    loggingEnabled: flag(true),
    debuggingEnabled: flag(true),
    debugHeaderEnabled: flag(false),
    debuggerPortRange: text('5058-6058'),
    debuggerPathSegment: text('debug'),
    debuggerExtensionDll: text(''),
    debuggerVirtualDir: text(''),
    maxLogFileSizeInKB: whole(0, 2 ** 31 - 1, 128),
    maxTotalLogFileSizeInKB: whole(0, 2 ** 31 - 1, 1_024),
    maxLogFiles: whole(0, 100_000, 20),
    devErrorsEnabled: flag(true),
    flushResponse: flag(false),
    watchedFiles: text('*.js;iisnode.yml'),
    enableXFF: flag(false),
    promoteServerVars: text(''),
    recycleSignalEnabled: flag(false),
    configOverrides: text('iisnode.yml'),
    logFileFlushInterval: whole(0, 2 ** 31 - 1, 5_000),
    maxLogFileSize: whole(0, 2 ** 31 - 1, 128),
    appendToExistingLog: flag(false),
    idlePageOutTimePeriod: whole(0, 2 ** 31 - 1, 0),
  }),
)

/** Programs that speak FastCGI (I-32, I-45). */
export const fastCgi = collection(
  {},
  {
    item: 'application',
    schema: section(
      {
        fullPath: text(),
        arguments: text(''),
        monitorChangesTo: text(''),
        stderrMode: text('ReturnStdErrIn500'),
        signalBeforeTerminateSeconds: whole(0, 3_600, 0),
        activityTimeout: whole(10, 3_600, 70),
        requestTimeout: whole(10, 604_800, 90),
        instanceMaxRequests: whole(1, 10_000_000, 200),
        maxInstances: whole(0, 10_000, 4),
        idleTimeout: whole(10, 604_800, 300),
        queueLength: whole(1, 100_000_000, 1_000),
        rapidFailsPerMinute: whole(0, 100, 10),
        flushNamedPipe: flag(false),
        protocol: text('NamedPipe'),
      },
      { environmentVariables: variables('environmentVariable', 'name') },
    ),
    key: ['fullPath', 'arguments'],
  },
)

export const webSocket = section({
  enabled: flag(true),
  receiveBufferLimit: whole(0, 2 ** 32 - 1, 4_194_304),
  pingInterval: text('00:00:00'),
})
