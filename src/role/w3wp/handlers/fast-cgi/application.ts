import { availableParallelism } from 'node:os'
import { expandVariables, meant } from '../../../../service-model/command-line/expand.ts'
import type { Effective } from '../../../../service-model/web-config/schema.ts'
import type { sections } from '../../../../service-model/web-config/sections.ts'
import type { Guard } from '../program/guard.ts'
import { inherited } from '../program/inherited.ts'
import type { Leaving } from '../program/kept-applications.ts'
import { removeAfter } from '../program/listening.ts'
import { openPool, type ProcessPool, type Started } from '../program/process-pool.ts'
import { sayOutput } from '../program/say-output.ts'
import { startProgram } from '../program/start-program.ts'
import { watchFiles } from '../program/watch-files.ts'
import { listenFor } from './listening-socket.ts'

/** `fastCgi/application`, or its defaults when no file has one. */
export type FastCgiSettings = Effective<(typeof sections)['fastCgi']>['items'][number]

/** The programs of one script processor. */
export interface FastCgiApplication extends Leaving {
  readonly pool: ProcessPool
}

export interface FastCgiSurroundings {
  readonly guard: Guard
  readonly say: (line: string) => void
  /** Where programs begin. */
  readonly directory: string
  /** A path for a socket that nobody has had yet. */
  readonly newSocket: () => string
}

/** Programs for each processor where `maxInstances` is 0. Origin: choice; a program waits for others most of its time. */
const instancesEach = 4

export function openApplication(settings: FastCgiSettings, surroundings: FastCgiSurroundings): FastCgiApplication {
  const pool = openPool(
    {
      processes: settings.maxInstances || instancesEach * availableParallelism(),
      requestsEach: 1,
      requestsInAll: settings.instanceMaxRequests,
      takeTurns: false,
      queueLength: settings.queueLength,
      rapidFailsPerMinute: settings.rapidFailsPerMinute,
      drainLimitMs: settings.requestTimeout * 1_000,
      stopLimitMs: settings.signalBeforeTerminateSeconds * 1_000,
      idleMs: settings.idleTimeout * 1_000,
    },
    () => start(settings, surroundings),
  )
  const watched = settings.monitorChangesTo === '' ? [] : [settings.monitorChangesTo]
  const unwatch = watchFiles(surroundings.directory, watched, () => pool.recycle())
  return {
    pool,
    leave() {
      unwatch()
      return pool.drain()
    },
    async close() {
      unwatch()
      await pool.close()
    },
  }
}

/** A program takes requests as soon as it has its socket: requests before it is ready wait. */
async function start(settings: FastCgiSettings, surroundings: FastCgiSurroundings): Promise<Started> {
  const { guard, say, directory, newSocket } = surroundings
  const socketPath = newSocket()
  const socket = await listenFor(socketPath)
  let isTaken = false
  try {
    const started = await startProgram(
      {
        path: settings.fullPath,
        words: settings.arguments,
        directory,
        environment: environmentOf(settings),
        input: socket.descriptor,
        output: sayOutput(say, 'FastCgiModule'),
      },
      guard,
    )
    if (!started.ok) return { ok: false, fault: { kind: 'unrunnable', sentence: started.fault.message, written: '' } }
    isTaken = true
    removeAfter(started.value, { socketPath })
    return { ok: true, instance: { target: { socketPath }, program: started.value } }
  } finally {
    socket.leave(isTaken)
  }
}

/** PHP ends by itself after 500 requests unless this sets another number; the pool counts too. */
function environmentOf({
  environmentVariables,
  instanceMaxRequests,
}: FastCgiSettings): Readonly<Record<string, string>> {
  const known = inherited()
  const said = environmentVariables.items
    .map(({ name = '', value }) => [name, meant(expandVariables(value, known))] as const)
    .filter(([name]) => name !== '' && !/[=\0]/.test(name))
  return { ...known, PHP_FCGI_MAX_REQUESTS: String(instanceMaxRequests), ...Object.fromEntries(said) }
}
