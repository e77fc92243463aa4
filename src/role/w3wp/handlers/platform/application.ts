import { randomUUID } from 'node:crypto'
import { Agent } from 'node:http'
import type { Guard } from '../program/guard.ts'
import { type Leaving, leaving } from '../program/kept-applications.ts'
import { launch } from '../program/launch.ts'
import { freePort } from '../program/listener-owner.ts'
import { openPool, type ProcessPool, type Started } from '../program/process-pool.ts'
import { sayOutput } from '../program/say-output.ts'
import { watchFiles } from '../program/watch-files.ts'
import { type Application, platformEnvironment } from './environment.ts'
import { openOutputFile } from './output-file.ts'
import type { PlatformSettings } from './settings.ts'

/** The programs of one application of a site. */
export interface PlatformApplication extends Leaving {
  readonly pool: ProcessPool
  readonly agent: Agent
  readonly token: string
}

/** Requests of one program at once: the modules have no limit of their own; the queue of the pool has (I-24). */
const requestsEach = 100_000

/** How long an unused connection is held, in milliseconds: shorter than Node's own servers hold it. */
const keptMs = 4_000

export function openApplication(
  application: Application,
  settings: PlatformSettings,
  { guard, say }: { readonly guard: Guard; readonly say: (line: string) => void },
): PlatformApplication {
  const token = randomUUID()
  const agent = new Agent({ keepAlive: true, timeout: keptMs })
  const pool = openPool(
    {
      processes: settings.processes,
      requestsEach,
      takeTurns: true,
      queueLength: 0,
      rapidFailsPerMinute: settings.rapidFailsPerMinute,
      drainLimitMs: settings.requestTimeoutMs,
      stopLimitMs: settings.shutdownTimeLimitMs,
    },
    starter(application, settings, token, { guard, say }),
  )
  const unwatch = watchFiles(application.physicalPath, ['web.config', ...settings.watchedFiles], () => pool.recycle())
  return {
    pool,
    agent,
    token,
    ...leaving(pool, agent, unwatch),
  }
}

function starter(
  application: Application,
  settings: PlatformSettings,
  token: string,
  { guard, say }: { readonly guard: Guard; readonly say: (line: string) => void },
): (signal: AbortSignal) => Promise<Started> {
  const { processPath, words, module, startupTimeLimitMs } = settings
  const tell = sayOutput(say, `${module} ${application.path}`)
  return async (signal) => {
    const port = await freePort()
    const write = openOutputFile(application.physicalPath, settings)
    const start = {
      path: processPath,
      words,
      directory: application.physicalPath,
      environment: platformEnvironment(settings, application, { port, token }),
      output: (piece: Buffer, _: string, pid: number) => {
        if (!write(piece, pid)) tell(piece)
      },
    }
    return launch(start, { port }, { limitMs: startupTimeLimitMs, signal }, guard)
  }
}
