import type { HostMessage, HostSubject } from '../host/agent/messages.ts'
import type { ContainerRecord, HostState } from '../host/agent/state.ts'
import type { Loop } from '../kernel/loop.ts'
import type { Timers } from '../kernel/timers.ts'
import type { VirtualClock } from './clock.ts'

import type { Fact } from './fact.ts'
import type { Wire } from './guest.ts'
import type { GuestGoal } from './guest-goal.ts'
import type { Machine } from './machine.ts'
import type { Waiting } from './waiting.ts'

/** One run of a Host Agent. */
export interface AgentRun {
  readonly driver: Loop<HostState, HostMessage, HostSubject>
  readonly waiting: Waiting
}

/** The wire servers of a host, one for each guest; they live and die with the agent (wire-server.md 7). */
export interface WireServers {
  open(containerId: string): void
  closeAll(): void
  /** The guest's end of the wire. */
  of(containerId: string, key: string): Wire
  /** Answers the report that every guest keeps open, where its goal has changed. */
  tell(state: HostState): void
}

export interface WireParts {
  readonly host: string
  readonly clock: VirtualClock
  readonly timers: Timers
  readonly machine: Machine
  /** The run of the agent that serves now. */
  run(): AgentRun | undefined
  witness(fact: Fact): void
}

/** A request within one machine. */
const wireMs = 1

export function wireServersOf({ host, clock, timers, machine, run, witness }: WireParts): WireServers {
  const listening = new Set<string>()
  /** Incarnations that guests were told, so that each is told once. */
  const told = new Map<string, number>()
  let seen: HostState['containers'] | undefined
  const soon = (then: () => void) => void clock.schedule(clock.now() + wireMs, then)

  return {
    open: (containerId) => void listening.add(containerId),
    closeAll() {
      listening.clear()
      told.clear()
    },
    of(containerId, key) {
      const state = () => run()?.driver.state()
      const goal = () => goalOf(state()?.containers.get(containerId)?.record)
      const heldReady = () => state()?.reporting.acknowledged.get(key)?.status === 'ReadyRole'
      return {
        goal: () => (listening.has(containerId) ? goal() : undefined),
        post(health, news, answered) {
          const asked = run()
          if (!asked || !listening.has(containerId)) return
          const leaves = health.state !== 'Ready' && heldReady()
          const answer = () => {
            const newest = goal()
            if (newest && newest.incarnation !== health.goalStateIncarnation) soon(() => news(newest))
            answered()
          }
          asked.driver.deliver({ kind: 'health', health }, () => {
            witness({ kind: 'guestHeard', host, containerId, key })
            if (leaves) asked.waiting.until(() => !heldReady(), timers.rotationOutLimit, answer)
            else answer()
          })
        },
      }
    },
    tell({ containers }) {
      if (containers === seen) return
      seen = containers
      for (const { record } of containers.values()) {
        const { containerId } = record
        const goal = goalOf(record)
        const guest = machine.guest(containerId)
        if (!goal || !guest || !listening.has(containerId) || told.get(containerId) === goal.incarnation) continue
        told.set(containerId, goal.incarnation)
        soon(() => guest.told(goal))
      }
    },
  }
}

function goalOf(record: ContainerRecord | undefined): GuestGoal | undefined {
  if (!record?.served) return undefined
  const { machine, role, root, packageSha256, prepare, keepFormerRoot, guest } = record.served
  return {
    incarnation: record.incarnation,
    started: machine === 'Started' && role === 'Started',
    root: { number: root, sha256: packageSha256 },
    next: prepare && { number: root + 1, sha256: prepare.packageSha256 },
    keepFormerRoot,
    specification: guest,
  }
}
