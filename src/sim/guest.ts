import type { Health } from '../guest/contract/health.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Timers } from '../kernel/timers.ts'
import type { VirtualClock } from './clock.ts'

/** The script of a role: how long it takes for each step, and what goes wrong. */
export interface Behaviour {
  /** From the start of the guest to the first heartbeat of its agent. */
  readonly bootMs: number
  readonly configureMs: number
  /** Startup tasks and OnStart. */
  readonly onStartMs: number
  readonly onStopMs: number
  /** The host process ends that long after OnStart has returned; undefined: it serves for ever. */
  readonly endsAfterMs?: number | undefined
  /** True: OnStart throws. */
  readonly failsOnStart?: boolean | undefined
}

export const wellBehaved: Behaviour = { bootMs: 800, configureMs: 300, onStartMs: 900, onStopMs: 500 }

/** What a guest reads from its goal state. */
export interface GuestGoal {
  readonly incarnation: number
  readonly started: boolean
}

/** The guest's own listener of the wire server; silent when the Host Agent is away. */
export interface Wire {
  goal(): GuestGoal | undefined
  /** A health report. Once it is answered `answered` is called, and `news` with a goal that the report does not speak of. */
  post(health: Health, news: (goal: GuestGoal) => void, answered: () => void): void
}

export interface GuestParts {
  readonly clock: VirtualClock
  readonly timers: Timers
  readonly wire: Wire
  readonly containerId: string
  readonly key: string
  behaviour(): Behaviour
  /** Stopping is raised. */
  stopping(): void
}

/** What the guest agent says of its role. */
type Phase =
  | 'booting'
  | 'CreatingRole'
  | 'StartingRole'
  | 'BusyRole'
  | 'Ready'
  | 'CyclingRole'
  | 'StoppingRole'
  | 'Stopped'

export interface SimulatedGuest {
  readonly containerId: string
  readonly key: string
  readonly startedAt: Instant
  /** True while the role takes requests. */
  isReady(): boolean
  isSilent(): boolean
  /** True: the guest says nothing and hears nothing; its role goes on. */
  setSilent(silent: boolean): void
  /** The host has a newer goal state: the answer to a held report. */
  told(goal: GuestGoal): void
  /** The host process of the role ends. */
  breakRole(): void
  /** All processes of the guest end. */
  end(): void
}

/**
 * WaAppAgent, the guest agent and the bootstrapper of one guest, by a script. They go
 * booting → CreatingRole → StartingRole → BusyRole → Ready, and from each of them to StoppingRole → Stopped when the goal
 * says so; a role that ends by itself is started again after the delays of H-13.
 */
export function startGuest({ clock, timers, wire, containerId, key, behaviour, stopping }: GuestParts): SimulatedGuest {
  const startedAt = clock.now()
  let phase: Phase = 'booting'
  let goal: GuestGoal = { incarnation: 0, started: true }
  let failures = 0
  let readyAt = 0
  let alive = true
  let silent = false
  let cancelNext = () => {}
  let cancelBeat = () => {}

  const after = (delayMs: number, run: () => void) => clock.schedule(clock.now() + delayMs, () => alive && run())
  const next = (delayMs: number, run: () => void) => {
    cancelNext()
    cancelNext = after(delayMs, run)
  }

  function boot(): void {
    const first = silent ? undefined : wire.goal()
    if (!first) return next(timers.heartbeatInterval, boot)
    goal = first
    if (goal.started) create()
    else enter('Stopped')
    beat()
  }

  function create(): void {
    enter('CreatingRole')
    next(behaviour().configureMs, start)
  }

  function start(): void {
    enter('StartingRole')
    next(0, () => {
      enter('BusyRole')
      next(behaviour().onStartMs, behaviour().failsOnStart ? breakRole : run)
    })
  }

  function run(): void {
    readyAt = clock.now()
    enter('Ready')
    const { endsAfterMs } = behaviour()
    if (endsAfterMs !== undefined) next(endsAfterMs, breakRole)
  }

  /** H-13, H-14: the first restart follows at once, and a role that was settled in Ready begins to count anew. */
  function breakRole(): void {
    if (phase === 'booting' || phase === 'StoppingRole' || phase === 'Stopped') return
    const settled = phase === 'Ready' && clock.now() >= readyAt + timers.crashResetAfter
    failures = settled ? 1 : failures + 1
    const delay = timers.recycleDelays[Math.min(failures, timers.recycleDelays.length) - 1] ?? 0
    enter(failures === 1 ? 'StartingRole' : 'CyclingRole')
    next(delay, start)
  }

  function stop(): void {
    let raised = false
    const raise = () => {
      if (raised || !alive) return
      raised = true
      stopping()
      next(behaviour().onStopMs, () => {
        enter('Stopped')
        if (goal.started) create()
      })
    }
    // Stopping waits until the instance is out of rotation, which is when the report is answered, and no longer.
    next(timers.rotationOutLimit + timers.heartbeatInterval, raise)
    enter('StoppingRole', raise)
  }

  function hear(newest: GuestGoal): void {
    if (!alive || silent || newest.incarnation <= goal.incarnation) return
    const before = goal
    goal = newest
    if (phase === 'booting') return
    if (before.started && !newest.started && phase !== 'StoppingRole' && phase !== 'Stopped') stop()
    else if (newest.started && phase === 'Stopped') create()
    else post()
  }

  function enter(entered: Phase, answered?: () => void): void {
    phase = entered
    post(answered)
  }

  function post(answered?: () => void): void {
    if (silent || phase === 'booting') return
    wire.post(health(), hear, () => {
      if (alive && !silent) answered?.()
    })
  }

  function beat(): void {
    cancelBeat()
    cancelBeat = after(timers.heartbeatInterval, () => {
      post()
      beat()
    })
  }

  function health(): Health {
    const common = { goalStateIncarnation: goal.incarnation, containerId, instanceId: key, failures }
    if (phase === 'Ready' || phase === 'Stopped') return { ...common, state: phase }
    return { ...common, state: 'NotReady', subStatus: phase, description: wordsOf(phase, failures) }
  }

  next(behaviour().bootMs, boot)
  return {
    containerId,
    key,
    startedAt,
    isReady: () => alive && phase === 'Ready',
    isSilent: () => silent,
    setSilent(value) {
      silent = value
    },
    told: hear,
    breakRole,
    end() {
      alive = false
      cancelNext()
      cancelBeat()
    },
  }
}

/** T-6, without the time. */
function wordsOf(phase: Phase, failures: number): string {
  const starts = phase === 'StartingRole' || phase === 'BusyRole'
  if (phase === 'CyclingRole') return 'Role has encountered an error and has stopped... System is initializing.'
  if (starts) return `${failures > 0 ? 'Recovering role' : 'Starting role'}... System is initializing.`
  return ''
}
