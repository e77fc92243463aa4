import { bootstrapper } from '../../guest/bootstrapper/agent.ts'
import type {
  BootstrapperExit,
  BootstrapperGoal,
  BootstrapperReport,
  BootstrapperStart,
} from '../../guest/bootstrapper/protocol.ts'
import { reportOf } from '../../guest/bootstrapper/report.ts'
import { type BootstrapperState, firstState } from '../../guest/bootstrapper/state.ts'
import type { RoleRoot } from '../../guest/guest-agent/drives.ts'
import type { Ended } from '../../guest/startup-tasks/runner.ts'
import type { Defect } from '../../kernel/loop/troubles.ts'
import type { RoleEnvironment } from '../../service-model/role-environment.ts'
import type { RoleModel } from '../../service-model/role-model.ts'
import { planRole } from '../../service-model/role-plan.ts'
import { drive } from '../drive.ts'
import { performBootstrapper } from '../facilities/bootstrapper.ts'
import type { MachineClock } from '../machine-clock.ts'
import { type PausableClock, pausableClock } from '../pausable.ts'
import { withBadFields } from '../poison.ts'
import type { Behaviour } from './behaviour.ts'
import type { ThinkingPart } from './guest-part.ts'
import { type RoleProcess, startRole } from './role.ts'

/** WaHostBootstrapper as a process: the shipping agent on the virtual clock. */
export interface BootstrapperProcess {
  readonly state: () => BootstrapperState
  readonly clock: PausableClock
  /** What it says now; undefined while it boots. */
  report(): BootstrapperReport | undefined
  tell(goal: BootstrapperGoal): void
  /** It ends at once; its role goes on. */
  stop(): void
}

export interface BootstrapperParts {
  readonly clock: MachineClock
  readonly start: BootstrapperStart
  /** The role root that it runs from; undefined when there is none. */
  readonly root: RoleRoot | undefined
  /** The script of the program in that package. */
  behaviour(sha256: string): Behaviour
  /** RoleModel.xml of that package. */
  modelOf(sha256: string, role: string): RoleModel | undefined
  read(path: string): RoleEnvironment
  /** Stopping is raised in the role; that is what the bootstrapper says then. */
  stopping(report: BootstrapperReport): void
  defect(party: string, defect: Defect<string>): void
  isPoisoned(party: ThinkingPart): boolean
  startedRole(role: RoleProcess): void
  said(report: BootstrapperReport): void
  /** It has ended by itself. */
  ended(exit: BootstrapperExit): void
}

const name = 'WaHostBootstrapper'

/** From the start of the process until its sockets answer. */
const bootMs = 50

/** The connection of the role's host process. */
const client = 'own 1'

export function startBootstrapper(parts: BootstrapperParts): BootstrapperProcess {
  const { start, root } = parts
  const clock = pausableClock(parts.clock)
  const sha256 = root?.softwareSha256 ?? ''
  const behaviour = () => parts.behaviour(sha256)
  const model = parts.modelOf(sha256, start.owner.role)
  let role: RoleProcess | undefined
  let server: string | undefined
  let report: BootstrapperReport | undefined
  let told = ''
  let alive = true
  const later = (delayMs: number, run: () => void) => void clock.schedule(clock.now() + delayMs, () => alive && run())

  const childEnded = (child: string, ended: Ended) => driver.deliver({ kind: 'childEnded', child, ended })

  function endServer(): void {
    if (server !== undefined) childEnded(server, { code: 0, signal: null })
    server = undefined
  }

  function startHost(): void {
    const started = startRole({
      clock: parts.clock,
      behaviour,
      read: parts.read,
      stopping: () => parts.stopping(reportOf(driver.state())),
      said: (message) => driver.deliver({ kind: 'said', client, message }),
      ended: (ended) => childEnded('host', ended),
    })
    role = started
    parts.startedRole(started)
    driver.deliver({ kind: 'connected', client, protocol: 'own' })
    const { goal, runtimeIncarnation: incarnation } = driver.state()
    started.receive({ kind: 'environment', incarnation, path: goal.roleEnvironmentPath })
  }

  const driver = drive({
    agent: {
      ...bootstrapper,
      // It can no longer start the role; a running one is watched, and stopped.
      decide: (state, subject, now) =>
        bootstrapper.decide(parts.isPoisoned(name) ? withBadFields(state, 'plan') : state, subject, now),
    },
    state: firstState(
      model
        ? planRole(model, { file: '' }, start.roleKind)
        : { ok: false, refusal: 'The package has no RoleModel.xml for this role.' },
      start.goal,
      start.settings.timers,
      clock.now(),
    ),
    clock,
    lapse: clock.lapse,
    rests: start.settings.timers.recycleDelays,
    defect: (defect) => parts.defect(name, defect),
    perform: performBootstrapper({
      behaviour,
      later,
      startRole: startHost,
      childEnded,
      startServer: (key) => void (server = key),
      tell(clients, message) {
        if (clients.includes(client)) role?.receive(message)
        if (message.kind === 'stop') endServer()
      },
      killRole: () => role?.kill(),
      end(exit) {
        stop()
        parts.ended(exit)
      },
    }),
    changed(state) {
      report = reportOf(state)
      const text = JSON.stringify(report)
      if (text === told) return
      told = text
      parts.said(report)
    },
  })
  function stop(): void {
    alive = false
    driver.stop()
  }
  later(bootMs, () => driver.touch(['role']))
  return {
    state: driver.state,
    clock,
    report: () => report,
    tell: (goal) => driver.deliver({ kind: 'goal', goal }),
    stop,
  }
}
