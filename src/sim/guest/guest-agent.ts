import { guestAgent } from '../../guest/guest-agent/agent.ts'
import { recall } from '../../guest/guest-agent/recall.ts'
import { stackExit } from '../../guest/guest-agent/stack-exit.ts'
import { firstState, type GuestAgentState, type Memory, memoryOf } from '../../guest/guest-agent/state.ts'
import { atOnce } from '../../kernel/commit.ts'
import type { Defect } from '../../kernel/loop/troubles.ts'
import { drive, mortal } from '../drive.ts'
import { performGuestAgent, type SimulatedGuestAgentFacilities } from '../facilities/guest-agent.ts'
import type { MachineClock } from '../machine-clock.ts'
import { type PausableClock, pausableClock } from '../pausable.ts'
import type { PlanOfDeath } from '../plan-of-death.ts'
import { withBadFields } from '../poison.ts'
import type { ThinkingPart } from './guest-part.ts'
import type { HostStack } from './host-stack.ts'

export interface GuestAgentParts
  extends Pick<
    SimulatedGuestAgentFacilities,
    'settings' | 'drives' | 'wire' | 'behaviour' | 'hasRoom' | 'hasPackage' | 'fails'
  > {
  readonly clock: MachineClock
  readonly stack: HostStack
  /** The process of WaAppAgent. */
  readonly guest: string
  /** Of its program. */
  readonly incarnation: string
  readonly death: PlanOfDeath
  defect(party: string, defect: Defect<string>): void
  /** True: that part of the guest is to throw when it decides. */
  isPoisoned(party: ThinkingPart): boolean
  /** It has died by that plan. */
  died(): void
  /** It has made way for another one. */
  replaced(incarnation: string): void
}

export interface GuestAgentProcess {
  readonly state: () => GuestAgentState
  readonly clock: PausableClock
  end(): void
}

const name = 'WindowsAzureGuestAgent'

/** WindowsAzureGuestAgent as a process, wired as in src/guest/guest-agent/main.ts. */
export function startGuestAgent(parts: GuestAgentParts): GuestAgentProcess {
  const { drives, stack, guest, death, wire } = parts
  const clock = pausableClock(parts.clock)
  let alive = true
  const remembered = recall(drives.memory, guest, clock.now(), (letter) => drives.roots.has(letter))
  let stored: Memory = remembered

  function follow(pid: number): void {
    stack.follow(pid, {
      said: (report) => driver.deliver({ kind: 'report', report }),
      ended(left) {
        const exit = stackExit(left, { code: null, signal: 'SIGKILL' }, clock.now())
        driver.deliver({ kind: 'ended', exit })
      },
    })
  }

  const driver = drive({
    agent: {
      ...guestAgent,
      // It can no longer ask for a goal or measure; it still reports on itself.
      decide: (state, subject, now) =>
        guestAgent.decide(
          parts.isPoisoned(name) ? withBadFields(state, 'retryFetchAt', 'measuredAt') : state,
          subject,
          now,
        ),
    },
    state: firstState(remembered, parts.settings.timers, parts.incarnation),
    clock,
    lapse: clock.lapse,
    rests: parts.settings.timers.recycleDelays,
    defect: (defect) => parts.defect(name, defect),
    commit: mortal(atOnce(remember), died),
    perform: performGuestAgent({
      ...parts,
      stack: {
        ...stack,
        start(start) {
          const pid = stack.start(start)
          follow(pid)
          return pid
        },
      },
      wire: {
        fetch: (ended) => wire.fetch((goal) => clock.whenRunning(() => ended(goal))),
        post: (health, held, ended) => wire.post(health, held, (latest) => clock.whenRunning(() => ended(latest))),
      },
      now: clock.now,
      later: (delayMs, run) => void clock.schedule(clock.now() + delayMs, () => alive && run()),
      replaceAgent(incarnation) {
        stop()
        parts.replaced(incarnation)
      },
    }),
    changed() {},
  })

  function remember(state: GuestAgentState): GuestAgentState {
    const memory = memoryOf(state)
    // One that cannot be written is tried again with the next change.
    if (!isSame(memory, stored) && parts.hasRoom()) {
      death.around(() => (drives.memory = { guest, memory }))
      stored = memory
    }
    return state
  }

  function died(): void {
    stop()
    parts.died()
  }

  function stop(): void {
    alive = false
    driver.stop()
  }
  if (remembered.stack.kind === 'down') stack.clear()
  else follow(remembered.process as number)
  driver.touch(['guest'])
  return { state: driver.state, clock, end: stop }
}

function isSame(one: Memory, other: Memory): boolean {
  return (Object.keys(one) as (keyof Memory)[]).every((what) => one[what] === other[what])
}
