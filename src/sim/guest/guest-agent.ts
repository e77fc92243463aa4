import { guestAgent } from '../../guest/guest-agent/agent.ts'
import { recall } from '../../guest/guest-agent/recall.ts'
import { stackExit } from '../../guest/guest-agent/stack-exit.ts'
import { firstState, type Memory, memoryOf } from '../../guest/guest-agent/state.ts'
import type { Defect } from '../../kernel/loop.ts'
import type { VirtualClock } from '../clock.ts'
import { drive } from '../drive.ts'
import { type GuestAgentWorld, performGuestAgent } from '../facilities/guest-agent.ts'
import type { PlanOfDeath } from '../plan-of-death.ts'
import type { HostStack } from './host-stack.ts'

export interface GuestAgentParts
  extends Pick<GuestAgentWorld, 'settings' | 'drives' | 'wire' | 'behaviour' | 'hasPackage' | 'fails'> {
  readonly clock: VirtualClock
  readonly stack: HostStack
  /** The process of WaAppAgent. */
  readonly guest: string
  /** Of its program. */
  readonly incarnation: string
  readonly death: PlanOfDeath
  defect(party: string, defect: Defect<string>): void
  /** It has died of that plan. */
  died(): void
  /** It has made way for another one. */
  replaced(incarnation: string): void
}

/** WindowsAzureGuestAgent as a process, wired as in src/guest/guest-agent/main.ts; the answer ends it. */
export function startGuestAgent(parts: GuestAgentParts): () => void {
  const { clock, drives, stack, guest, death } = parts
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
    agent: guestAgent,
    state: firstState(remembered, parts.settings.timers, parts.incarnation),
    clock,
    rests: parts.settings.timers.recycleDelays,
    defect: (defect) => parts.defect('WindowsAzureGuestAgent', defect),
    commit(state) {
      const memory = memoryOf(state)
      if (!isSame(memory, stored)) {
        death.around(() => (drives.memory = { guest, memory }))
        stored = memory
      }
      return state
    },
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
      now: clock.now,
      later: (delayMs, run) => void clock.schedule(clock.now() + delayMs, () => alive && run()),
      replaceAgent(incarnation) {
        stop()
        parts.replaced(incarnation)
      },
    }),
    changed() {},
    died() {
      stop()
      parts.died()
    },
  })
  function stop(): void {
    alive = false
    driver.stop()
  }
  if (remembered.stack.kind === 'down') stack.clear()
  else follow(remembered.process as number)
  driver.touch(['guest'])
  return stop
}

function isSame(one: Memory, other: Memory): boolean {
  return (Object.keys(one) as (keyof Memory)[]).every((what) => one[what] === other[what])
}
