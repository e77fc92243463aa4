import type { HandlerRequest } from '../../handler.ts'

/** The settings of the two modules, in one form: httpPlatformHandler, and ASP.NET Core's, which was derived from it (I-33, I-46). */
export interface PlatformSettings {
  readonly module: 'httpPlatformHandler' | 'aspNetCore'
  readonly processPath: string
  readonly words: string
  readonly variables: readonly (readonly [name: string, value: string])[]
  readonly processes: number
  readonly rapidFailsPerMinute: number
  readonly requestTimeoutMs: number
  readonly startupTimeLimitMs: number
  readonly shutdownTimeLimitMs: number
  /** Undefined: the program's output goes to the role's own output. */
  readonly stdoutLogFile: string | undefined
  /** A change of one of them starts the program anew. */
  readonly watchedFiles: readonly string[]
  /** Settings that mean nothing here, each with its reason. */
  readonly passedOver: readonly string[]
}

/** httpPlatformHandler has no setting for it; ASP.NET Core's module begins with that. */
const shutdownTimeLimitMs = 10_000

export function platformSettings({ mapping, section }: HandlerRequest): PlatformSettings {
  return /^aspnetcore/i.test(mapping.modules) ? ofAspNetCore(section) : ofHttpPlatform(section)
}

function ofHttpPlatform(section: HandlerRequest['section']): PlatformSettings {
  const found = section('httpPlatform')
  return {
    ...shared(found),
    module: 'httpPlatformHandler',
    variables: found.environmentVariables.items.map(({ name = '', value }) => [name, value] as const),
    shutdownTimeLimitMs,
    watchedFiles: found.recycleOnFileChange.items.map(({ path }) => path),
    passedOver: found.forwardWindowsAuthToken ? [windowsToken] : [],
  }
}

function ofAspNetCore(section: HandlerRequest['section']): PlatformSettings {
  const found = section('aspNetCore')
  const isInProcess = found.hostingModel.toLowerCase() === 'inprocess'
  return {
    ...shared(found),
    module: 'aspNetCore',
    variables: found.environmentVariables.items.map(({ name = '', value }) => [name, value] as const),
    shutdownTimeLimitMs: found.shutdownTimeLimit * 1_000,
    watchedFiles: [],
    passedOver: isInProcess ? [inProcess] : [],
  }
}

const windowsToken = 'forwardWindowsAuthToken is passed over: nobody signs in with Windows here.'
const inProcess =
  'hostingModel="inprocess" is passed over: .NET is no part of w3wp here, and the program runs beside it.'

interface Common {
  readonly processPath: string
  readonly arguments: string
  readonly processesPerApplication: number
  readonly rapidFailsPerMinute: number
  readonly requestTimeout: number
  readonly startupTimeLimit: number
  readonly stdoutLogEnabled: boolean
  readonly stdoutLogFile: string
}

function shared(found: Common) {
  return {
    processPath: found.processPath,
    words: found.arguments,
    processes: found.processesPerApplication,
    rapidFailsPerMinute: found.rapidFailsPerMinute,
    requestTimeoutMs: found.requestTimeout,
    startupTimeLimitMs: found.startupTimeLimit * 1_000,
    stdoutLogFile: found.stdoutLogEnabled ? found.stdoutLogFile : undefined,
  }
}
