import { Agent } from 'node:http'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { splitCommandLine } from '../../../../service-model/command-line/web-program.ts'
import type { HandlerRequest } from '../../handler.ts'
import type { Guard } from '../program/guard.ts'
import { type Leaving, leaving } from '../program/kept-applications.ts'
import { launch } from '../program/launch.ts'
import { openPool, type ProcessPool } from '../program/process-pool.ts'
import { watchFiles } from '../program/watch-files.ts'
import { iisnodeEnvironment } from './environment.ts'
import { logDirectoryOf, openLogFiles } from './log-files.ts'
import type { IisnodeSettings } from './overrides.ts'

/** The programs of one script file (I-41). */
export interface NodeApplication extends Leaving {
  readonly pool: ProcessPool
  readonly agent: Agent
}

/** What an application is made with. */
export interface NodeSurroundings {
  readonly guard: Guard
  readonly say: (line: string) => void
  /** A path for a socket that nobody has had yet. */
  readonly newSocket: () => string
  readonly control?: string | undefined
}

/** How long a program may take to end once it was asked, in milliseconds. Origin: choice; it has answered all by then. */
const stopLimitMs = 5_000

/** A change of these files is a change of the application, regardless of `watchedFiles`. */
const alwaysWatched = ['web.config']

/** Makes an application; its programs start when requests come. */
export function openApplication(
  { scriptPath, appSettings }: HandlerRequest,
  settings: IisnodeSettings,
  surroundings: NodeSurroundings,
): NodeApplication {
  const directory = dirname(scriptPath)
  const agent = new Agent({
    keepAlive: true,
    maxFreeSockets: settings.maxNamedPipeConnectionPoolSize,
    timeout: settings.maxNamedPipePooledConnectionAge || undefined,
  })
  const pool = openPool(poolRules(settings), starter({ scriptPath, appSettings }, settings, surroundings))
  const patterns = [...settings.watchedFiles.split(';').filter((name) => name.trim() !== ''), ...alwaysWatched]
  const unwatch = watchFiles(directory, patterns, (name) => {
    surroundings.say(`iisnode: ${join(directory, name)} has changed; the programs of ${scriptPath} are started anew.`)
    pool.recycle()
  })
  return {
    pool,
    agent,
    ...leaving(pool, agent, unwatch),
  }
}

function poolRules(settings: IisnodeSettings) {
  return {
    processes: settings.nodeProcessCountPerApplication || availableParallelism(),
    requestsEach: settings.maxConcurrentRequestsPerProcess,
    takeTurns: true,
    queueLength: 0,
    drainLimitMs: settings.gracefulShutdownTimeout,
    stopLimitMs,
  }
}

function starter(
  { scriptPath, appSettings }: Pick<HandlerRequest, 'scriptPath' | 'appSettings'>,
  settings: IisnodeSettings,
  { guard, newSocket, control }: NodeSurroundings,
) {
  const directory = dirname(scriptPath)
  const { path, words } = splitCommandLine(settings.nodeProcessCommandLine || 'node.exe')
  const writeLog = openLogFiles(logDirectoryOf(directory, settings), settings)
  const limitMs = settings.maxNamedPipeConnectionRetry * settings.namedPipeConnectionRetryDelay
  return (signal: AbortSignal) => {
    const socketPath = newSocket()
    const start = {
      path,
      words: `${words} "${scriptPath}"`.trim(),
      directory,
      environment: iisnodeEnvironment(settings, appSettings, { requests: socketPath, control }),
      output: settings.loggingEnabled ? writeLog : () => {},
    }
    return launch(start, { socketPath }, { limitMs, signal }, guard)
  }
}
