import type { BootstrapperAction } from '../../guest/bootstrapper/action.ts'
import type { BootstrapperExit } from '../../guest/bootstrapper/protocol.ts'
import type { BootstrapperOutcome } from '../../guest/bootstrapper/settle.ts'
import type { Ended } from '../../guest/startup-tasks/runner.ts'
import type { ServerMessage } from '../../role/contract/messages.ts'
import type { PlatformProgram } from '../../service-model/role-plan.ts'
import type { Behaviour } from '../guest/behaviour.ts'

/** What an action of a bootstrapper can do to the world. */
export interface SimulatedBootstrapperFacilities {
  behaviour(): Behaviour
  /** Runs after that time, unless the bootstrapper has ended by then. */
  later(delayMs: number, run: () => void): void
  /** Starts the host process of the role. */
  startRole(): void
  /** Starts W3SVC, known under that key: it has nothing to drain, and ends when the stop is sent. */
  startServer(key: string): void
  /** The child with that key has ended. */
  childEnded(key: string, ended: Ended): void
  tell(clients: readonly string[], message: ServerMessage): void
  killRole(): void
  /** Leaves the exit file and ends the process. */
  end(exit: BootstrapperExit): void
}

type Effects = {
  readonly [Kind in BootstrapperAction['kind']]: (
    action: Extract<BootstrapperAction, { kind: Kind }>,
    facilities: SimulatedBootstrapperFacilities,
    settled: (outcome: BootstrapperOutcome) => void,
  ) => void
}

const done: BootstrapperOutcome = { kind: 'done' }

/** Guests of the simulator have only names of processes. */
const pids = { host: 1, task: 2 } as const

/** To start a process. */
const startMs = 10

/** IISConfigurator has done its task. */
const configureMs = 20

const platform: Readonly<Record<PlatformProgram, (key: string, facilities: SimulatedBootstrapperFacilities) => void>> =
  {
    W3SVC: (key, facilities) => facilities.startServer(key),
    IISConfigurator: (key, facilities) =>
      facilities.later(configureMs, () => facilities.childEnded(key, { code: 0, signal: null })),
  }

const effects: Effects = {
  startTask({ key, planned }, facilities, settled) {
    settled({ kind: 'started', pid: pids.task })
    if (planned.kind === 'platform') return platform[planned.program](key, facilities)
    const { taskMs, besideMs } = facilities.behaviour()
    const endsAfterMs = planned.task.taskType === 'simple' ? taskMs : besideMs
    if (endsAfterMs === undefined) return
    facilities.later(endsAfterMs, () =>
      facilities.childEnded(key, { code: facilities.behaviour().taskFails ? 1 : 0, signal: null }),
    )
  },
  startHost: (_action, facilities, settled) =>
    facilities.later(startMs, () => {
      facilities.startRole()
      settled({ kind: 'started', pid: pids.host })
    }),
  // An immediate answer of the role comes after the news that the message was sent.
  tell({ clients, message }, facilities, settled) {
    settled(done)
    facilities.tell(clients, message)
  },
  terminate(_action, facilities, settled) {
    facilities.killRole()
    settled(done)
  },
  look: (_action, _world, settled) => settled(done),
  end({ exit }, facilities) {
    facilities.killRole()
    facilities.end(exit)
  },
}

/** Carries out what a bootstrapper decides. */
export function performBootstrapper(facilities: SimulatedBootstrapperFacilities) {
  return (action: BootstrapperAction, settled: (outcome: BootstrapperOutcome) => void): void =>
    (effects[action.kind] as Effects['look'])(action as BootstrapperAction & { kind: 'look' }, facilities, settled)
}
