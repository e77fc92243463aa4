import type { Ended } from '../../guest/startup-tasks/runner.ts'
import type { ClientMessage, RoleFailure, ServerMessage } from '../../role/contract/messages.ts'
import { changesBetween, parted } from '../../role/runtime/changes.ts'
import type { RoleEnvironment } from '../../service-model/role-environment.ts'
import type { Clock } from '../clock.ts'
import type { Behaviour } from './behaviour.ts'

/** WaWorkerHost with a role entry point that follows a script. */
export interface RoleProcess {
  receive(message: ServerMessage): void
  /** What the role sees; undefined until it is connected. */
  environment(): RoleEnvironment | undefined
  isAlive(): boolean
  kill(): void
}

export interface RoleParts {
  readonly clock: Clock
  /** The script, which may change at each step. */
  behaviour(): Behaviour
  read(path: string): RoleEnvironment
  said(message: ClientMessage): void
  ended(how: Ended): void
  /** Stopping is raised. */
  stopping(): void
}

/** From the start of the process to its first word. */
const connectMs = 60

/** How often a hanging process checks whether it still hangs. */
const lookAgainMs = 1_000

const onStartFailure: RoleFailure = { type: 'Error', message: 'OnStart throws', stack: 'Error: OnStart throws' }

/** Starts the process. It sends the same messages as src/role/worker-host, when its script says so. */
export function startRole({ clock, behaviour, read, said, ended, stopping }: RoleParts): RoleProcess {
  let alive = true
  let current: RoleEnvironment | undefined
  const inbox: ServerMessage[] = []
  const after = (delayMs: number, run: () => void) => void clock.schedule(clock.now() + delayMs, () => alive && run())

  function exit(how: Ended): void {
    if (!alive) return
    alive = false
    ended(how)
  }

  function onStart(): void {
    after(behaviour().onStartMs, () => {
      if (!behaviour().failsOnStart) return said({ kind: 'onStartEnded', result: true })
      said({ kind: 'failed', during: 'OnStart', failure: onStartFailure })
      exit({ code: 1, signal: null })
    })
  }

  function run(): void {
    const { endsAfterMs, returnsAfterMs } = behaviour()
    said({ kind: 'runBegan' })
    if (endsAfterMs !== undefined) after(endsAfterMs, () => exit({ code: 1, signal: null }))
    if (returnsAfterMs !== undefined) after(returnsAfterMs, () => said({ kind: 'runReturned' }))
  }

  function changing({ incarnation, path, simultaneous }: ServerMessage & { kind: 'changing' | 'changed' }): void {
    after(behaviour().changeMs, () => {
      const found = current ? changesBetween(current, read(path)) : []
      const { changes } = parted(found, simultaneous)
      const cancel = changes.length > 0 && behaviour().cancelsChanges === true
      said({ kind: 'changingEnded', incarnation, cancel })
    })
  }

  function obey(message: ServerMessage): void {
    switch (message.kind) {
      case 'environment':
        current = read(message.path)
        return
      case 'onStart':
        return onStart()
      case 'run':
        return run()
      case 'statusCheck':
        return said({ kind: 'status', id: message.id, busy: behaviour().isBusy === true })
      case 'changing':
        return changing(message)
      case 'changed':
        current = read(message.path)
        return said({ kind: 'changedEnded', incarnation: message.incarnation })
      case 'stop':
        return stop()
    }
  }

  function stop(): void {
    stopping()
    after(behaviour().onStopMs, () => {
      said({ kind: 'stopped' })
      exit({ code: 0, signal: null })
    })
  }

  /** Messages to a hanging process wait in its socket. */
  function obeyAll(): void {
    if (behaviour().hangs) return after(lookAgainMs, obeyAll)
    for (const message of inbox.splice(0)) if (alive) obey(message)
  }

  after(connectMs, () => said({ kind: 'hello', host: true }))
  return {
    receive(message) {
      if (alive && inbox.push(message) === 1) obeyAll()
    },
    environment: () => current,
    isAlive: () => alive,
    kill: () => exit({ code: null, signal: 'SIGKILL' }),
  }
}
