import type { ClientMessage, RoleFailure, ServerMessage } from '../contract/messages.ts'
import type { RoleEntryPoint } from '../runtime/role-entry-point.ts'
import type { HostedRoleEnvironment } from '../runtime/role-environment.ts'

interface Facilities {
  /** A line for the host's log (G-18). */
  readonly say: (line: string) => void
  readonly exit: (code: number) => never
  /** Calls `report` with every exception that nothing else catches. */
  readonly catchAll: (report: (error: unknown) => void) => void
}

/** Exit code of a host process whose entry point failed; the bootstrapper reports the reason. */
const failedExitCode = 1

/**
 * Runs an entry point as the runtime asks: onStart, run, and at a stop Stopping and onStop (H-27 to H-31). An exception, and
 * onStart that answers false, end the process at once: neither Stopping nor onStop follows (H-30).
 */
export async function hostEntryPoint(
  environment: HostedRoleEnvironment,
  load: () => Promise<RoleEntryPoint>,
  { say, exit, catchAll }: Facilities,
): Promise<void> {
  let phase: (ClientMessage & { kind: 'failed' })['during'] = 'loading'
  let entryPoint: RoleEntryPoint | undefined
  let started = false
  const connection = await environment.connect((message) => void obey(message).catch(fail))
  connection.hold(true)
  catchAll((error) => void fail(error))

  async function obey(message: ServerMessage): Promise<void> {
    if (message.kind === 'onStart') await start()
    if (message.kind === 'run') await run()
    if (message.kind === 'stop') await stop()
  }

  async function start(): Promise<void> {
    entryPoint = await load()
    phase = 'OnStart'
    say('OnStart begins.')
    const result = (await entryPoint.onStart?.()) !== false
    say(`OnStart ended with ${result}.`)
    started = result
    await connection.send({ kind: 'onStartEnded', result })
    if (!result) exit(failedExitCode)
  }

  async function run(): Promise<void> {
    phase = 'Run'
    say('Run begins.')
    await connection.send({ kind: 'runBegan' })
    if (!entryPoint?.run) return
    await entryPoint.run()
    say('Run returned.')
    await connection.send({ kind: 'runReturned' })
  }

  async function stop(): Promise<void> {
    say('Stopping.')
    await environment.raiseStopping()
    phase = 'OnStop'
    if (started) await entryPoint?.onStop?.()
    say('OnStop ended.')
    await connection.send({ kind: 'stopped' })
    exit(0)
  }

  async function fail(error: unknown): Promise<void> {
    const failure = failureOf(error)
    say(`Unhandled Exception in ${phase}: ${failure.stack}`)
    await connection.send({ kind: 'failed', during: phase, failure })
    exit(failedExitCode)
  }
}

function failureOf(error: unknown): RoleFailure {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error), stack: String(error) }
  return { type: error.name, message: error.message, stack: error.stack ?? String(error) }
}
