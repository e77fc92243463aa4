import { Agent } from 'node:http'
import type { HandlerRequest } from '../../handler.ts'
import type { Guard } from '../program/guard.ts'
import { inherited } from '../program/inherited.ts'
import { type Leaving, leaving } from '../program/kept-applications.ts'
import { launch } from '../program/launch.ts'
import { openPool, type ProcessPool, type Started } from '../program/process-pool.ts'
import { watchFiles } from '../program/watch-files.ts'
import { aliasLibraries } from './alias-libraries.ts'
import { hostProgram } from './host-program.ts'
import { mendConfiguration, mendConfigurations } from './mend-configurations.ts'
import type { AddedParts } from './root-configuration.ts'
import { layConfiguration, removeConfiguration } from './server-configuration.ts'
import { siteOutput } from './site-output.ts'

/** The process of one application of a site. */
export interface AspNetApplication extends Leaving {
  readonly pool: ProcessPool
  readonly agent: Agent
}

export interface AspNetSettings {
  readonly siteName: string
  readonly application: HandlerRequest['application']
  readonly parts: AddedParts
  readonly machineKey: string | undefined
}

export interface AspNetSurroundings {
  readonly guard: Guard
  readonly say: (line: string) => void
  /** A path that nobody has had yet, for a socket and, with another ending, a directory. */
  readonly newPlace: () => string
}

/** Requests of an application at once, each with a thread of its own. Origin: choice; ASP.NET's own limit is 100 threads for a processor. */
const requestsEach = 200

/** Requests that wait for a thread: `processModel requestQueueLimit` of ASP.NET. */
const queueLength = 5_000

/** Failures within a minute after which it is not started for the rest of it (I-25). */
const rapidFailsPerMinute = 5

/**
 * How long a process that is replaced may answer the requests that it has taken (I-26), and how long one may take to listen: `startupTimeLimit`
 * of a pool.
 */
const replacedLimitMs = 90_000
const startLimitMs = 90_000

/** How long Application_End may take. Origin: choice; the role's own OnStop has to have time after it (H-27). */
const stopLimitMs = 10_000

/** When one of these changes, ASP.NET restarts the application. */
const watched = ['web.config', 'global.asax', 'bin/*', 'app_code/*', 'app_browsers/*', 'app_globalresources/*']

/** Makes an application; its process starts when a request comes. */
export function openApplication(settings: AspNetSettings, surroundings: AspNetSurroundings): AspNetApplication {
  const { path, physicalPath } = settings.application
  const { say } = surroundings
  mendConfigurations(physicalPath, say)
  aliasLibraries(physicalPath, say)
  const agent = new Agent({ keepAlive: true })
  const pool = openPool(
    {
      processes: 1,
      requestsEach,
      takeTurns: true,
      queueLength,
      rapidFailsPerMinute,
      drainLimitMs: replacedLimitMs,
      stopLimitMs,
    },
    (signal) => start(settings, surroundings, () => pool.recycle(), signal),
  )
  const unwatch = watchFiles(physicalPath, watched, (name) => {
    // A file that is mended changes once more.
    if (/^web\.config$/i.test(name) && mendConfiguration(physicalPath, name, say)) return
    say(`ASP.NET: ${name} has changed; the application ${path} is started anew.`)
    pool.recycle()
  })
  return { pool, agent, ...leaving(pool, agent, unwatch) }
}

async function start(
  { siteName, application, parts, machineKey }: AspNetSettings,
  { guard, say, newPlace }: AspNetSurroundings,
  replace: () => void,
  signal: AbortSignal,
): Promise<Started> {
  const host = hostProgram()
  if (!host.ok) return { ok: false, fault: { kind: 'unrunnable', sentence: host.fault.message, written: '' } }
  const { path, physicalPath, directories } = application
  const socketPath = newPlace()
  const configuration = layConfiguration(`${socketPath}c`, parts, machineKey)
  const environment = {
    ...inherited(),
    MONO_PATH: host.value.directory,
    MONO_CFG_DIR: configuration,
    // Two processes of one application, while one takes the other's place, compile their pages apart.
    __MONO_DOMAIN_ID_SUFFIX: String(process.pid).concat(socketPath),
  }
  const output = siteOutput(say, replace)
  const program = {
    path: 'mono',
    words: '',
    args: [host.value.path, socketPath, path, physicalPath, siteName, ...directories.flat()],
    directory: physicalPath,
    environment,
    output: output.take,
  }
  const started = await launch(program, { socketPath }, { limitMs: startLimitMs, signal }, guard)
  const clear = () => {
    output.end()
    removeConfiguration(configuration, say)
  }
  if (started.ok) void started.instance.program.exited.then(clear)
  else clear()
  return started
}
