import { rootLetter } from '../guest/contract/guest-paths.ts'
import type { GuestSpecification } from '../guest/contract/guest-specification.ts'
import type { Health } from '../guest/contract/health.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Timers } from '../kernel/timers.ts'
import type { Behaviour } from './behaviour.ts'
import { changeBetween } from './change.ts'
import type { VirtualClock } from './clock.ts'
import type { GuestGoal } from './guest-goal.ts'
import { healthOf, type Phase } from './guest-health.ts'
import { type Drives, type RoleRoot, roleRootsOf, sameRoot } from './role-roots.ts'

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
  readonly drives: Drives
  /** The script of the program in that package. */
  behaviour(sha256: string): Behaviour
  hasPackage(sha256: string): boolean
  /** Stopping is raised. */
  stopping(): void
}

/** What the processes of a role run from, and what they see. */
export interface Running {
  readonly root: RoleRoot
  readonly specification: GuestSpecification
}

export interface SimulatedGuest {
  readonly containerId: string
  readonly key: string
  readonly startedAt: Instant
  /** True while the role takes requests. */
  isReady(): boolean
  /** Undefined while no process of the role runs. */
  running(): Running | undefined
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
 * says so; a new role root, once it stands, or a change that is cancelled leads through a stop back to CreatingRole. A role
 * that ends by itself is started again after the delays of H-13.
 */
export function startGuest(parts: GuestParts): SimulatedGuest {
  const { clock, timers, wire, containerId, key, drives } = parts
  const startedAt = clock.now()
  let phase: Phase = 'booting'
  let goal: GuestGoal | undefined
  /** The goal that the processes of the role were started with, or have accepted since. */
  let accepted: GuestGoal | undefined
  let leaving = false
  let configured = false
  let failures = 0
  /** Number of the role root that `failures` speak of. */
  let counted = 0
  let readyAt = 0
  let alive = true
  let silent = false
  let cancelNext = () => {}
  let cancelBeat = () => {}
  let cancelChange: (() => void) | undefined

  const after = (delayMs: number, run: () => void) => clock.schedule(clock.now() + delayMs, () => alive && run())
  const next = (delayMs: number, run: () => void) => {
    cancelNext()
    cancelNext = after(delayMs, run)
  }
  const behaviour = () => parts.behaviour((accepted ?? goal)?.root.sha256 ?? '')
  const roots = roleRootsOf({
    drives,
    after,
    unpackMs: () => behaviour().unpackMs,
    obstacle: ({ sha256 }) =>
      behaviour().diskIsFull
        ? 'There is no space left on the disk.'
        : parts.hasPackage(sha256)
          ? undefined
          : `The package ${sha256} is not on the host.`,
    changed() {
      arrange()
      post()
    },
  })

  function boot(): void {
    goal = silent ? undefined : wire.goal()
    if (!goal) return next(timers.heartbeatInterval, boot)
    phase = 'Stopped'
    if (goal.started) create()
    else post()
    beat()
  }

  /** What follows from the goal as it is now; doing it twice changes nothing. */
  function arrange(): void {
    if (!goal || leaving) return
    if (accepted) {
      const stop = whyStop(accepted, goal)
      if (stop) return leave(stop)
      adopt(accepted, goal)
    } else if (!goal.started) {
      if (phase !== 'Stopped') {
        cancelNext()
        enter('Stopped')
      }
    } else if (phase === 'Stopped') create()
    else if (configured && (phase === 'CreatingRole' || phase === 'FailedStartingRole')) {
      if (roots.stands(goal.root)) start()
      else if (phase === 'CreatingRole' && roots.faultOf(goal.root)) enter('FailedStartingRole')
    }
    makeRoots()
  }

  function whyStop(runs: GuestGoal, wanted: GuestGoal): 'StoppingRole' | 'RestartingRole' | undefined {
    if (!wanted.started) return 'StoppingRole'
    if (!sameRoot(runs.root, wanted.root)) {
      const inTheWay = rootLetter(runs.root.number) === rootLetter(wanted.root.number)
      return inTheWay || roots.stands(wanted.root) ? 'StoppingRole' : undefined
    }
    return changeBetween(runs.specification, wanted.specification) === 'certificates' ? 'RestartingRole' : undefined
  }

  /** The root that the role is to run from, then the next one; and the other letter is freed when nobody wants what is there. */
  function makeRoots(): void {
    if (!goal) return
    const inUse = accepted && rootLetter(accepted.root.number)
    const wanted = goal.started ? [goal.root, goal.next].find((root) => root && !roots.stands(root)) : undefined
    if (wanted && rootLetter(wanted.number) !== inUse) roots.make(wanted)
    else roots.rest()
    if (inUse && !goal.next && !goal.keepFormerRoot && sameRoot(accepted?.root, goal.root))
      roots.free(rootLetter(goal.root.number + 1))
  }

  function create(): void {
    configured = false
    enter('CreatingRole')
    next(behaviour().configureMs, () => {
      configured = true
      arrange()
    })
    makeRoots()
  }

  function start(): void {
    if (!goal || !roots.stands(goal.root)) return create()
    if (counted !== goal.root.number) failures = 0
    counted = goal.root.number
    accepted = goal
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
    else cancelNext()
    arrange()
  }

  /** A change of settings or topology reaches the role that runs: Changing, and then Changed or a recycle (U-47, U-48). */
  function adopt(runs: GuestGoal, wanted: GuestGoal): void {
    if (phase !== 'Ready' || cancelChange || runs.incarnation === wanted.incarnation) return
    if (!sameRoot(runs.root, wanted.root)) return
    const change = changeBetween(runs.specification, wanted.specification)
    if (change === 'none') {
      accepted = wanted
      return post()
    }
    cancelChange = after(behaviour().changeMs, () => {
      cancelChange = undefined
      if (behaviour().cancelsChanges && change !== 'blast') return leave('RestartingRole')
      accepted = wanted
      post()
      arrange()
    })
  }

  /** H-13, H-14: the first restart follows at once, and a role that was settled in Ready begins to count anew. */
  function breakRole(): void {
    if (!accepted || leaving) return
    forgetChange()
    failures = phase === 'Ready' && failuresNow() === 0 ? 1 : failures + 1
    const delay = timers.recycleDelays[Math.min(failures, timers.recycleDelays.length) - 1] ?? 0
    accepted = undefined
    enter(failures === 1 ? 'StartingRole' : 'CyclingRole')
    next(delay, start)
    arrange()
  }

  /** Stopping waits until the instance is out of rotation, which is when the report is answered, and no longer. */
  function leave(as: 'StoppingRole' | 'RestartingRole'): void {
    let raised = false
    const raise = () => {
      if (raised || !alive) return
      raised = true
      parts.stopping()
      next(behaviour().onStopMs, left)
    }
    leaving = true
    forgetChange()
    next(timers.rotationOutLimit + timers.heartbeatInterval, raise)
    enter(as, raise)
  }

  function left(): void {
    leaving = false
    accepted = undefined
    if (goal?.started) return create()
    enter('Stopped')
    makeRoots()
  }

  function forgetChange(): void {
    cancelChange?.()
    cancelChange = undefined
  }

  function hear(newest: GuestGoal): void {
    if (!alive || silent || (goal && newest.incarnation <= goal.incarnation)) return
    const before = goal
    goal = newest
    if (phase === 'booting') return
    // A role that has failed begins anew with its new root, and does not wait for its next attempt.
    if (before && !accepted && !leaving && newest.started && !sameRoot(before.root, newest.root)) create()
    else arrange()
    post()
  }

  function enter(entered: Phase, answered?: () => void): void {
    phase = entered
    post(answered)
  }

  function post(answered?: () => void): void {
    const said = health()
    if (silent || phase === 'booting' || !said) return
    wire.post(said, hear, () => {
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

  function failuresNow(): number {
    if (counted !== goal?.root.number) return 0
    return phase === 'Ready' && clock.now() >= readyAt + timers.crashResetAfter ? 0 : failures
  }

  function health(): Health | undefined {
    return (
      goal && {
        containerId,
        instanceId: key,
        ...healthOf({ phase, goal, accepted, failures, roots }),
        failures: failuresNow(),
      }
    )
  }

  next(behaviour().bootMs, boot)
  return {
    containerId,
    key,
    startedAt,
    isReady: () => alive && phase === 'Ready',
    running: () => (alive ? accepted : undefined),
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
