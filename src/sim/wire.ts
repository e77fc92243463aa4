import type { Health } from '../guest/contract/health.ts'
import type { HeldReport } from '../guest/guest-agent/facilities.ts'
import { goalFrom } from '../guest/guest-agent/read-goal.ts'
import type { Goal } from '../guest/guest-agent/state.ts'
import { goalStateOf, guestConfiguration } from '../host/agent/documents.ts'
import { holdOf, incarnationOf } from '../host/agent/hold.ts'
import type { HostMessage, HostSubject } from '../host/agent/message.ts'
import type { HostState } from '../host/agent/state.ts'
import type { Loop } from '../kernel/loop.ts'
import type { Clock } from './clock.ts'
import type { Fact } from './fact.ts'
import type { PausableClock } from './pausable.ts'
import type { Waiting } from './waiting.ts'

/** One run of a Host Agent. */
export interface AgentRun {
  readonly driver: Loop<HostState, HostMessage, HostSubject>
  readonly own: PausableClock
  readonly waiting: Waiting
}

/** A guest's end of its own wire server. A call without answer ends with undefined, as when the Host Agent is away. */
export interface Wire {
  /** The newest goal state with its configuration. */
  fetch(ended: (goal: Goal | undefined) => void): void
  /** A health report; the answer, when it comes, is the newest incarnation (wire-server.md 7). */
  post(health: Health, held: HeldReport | undefined, ended: (latest: number | undefined) => void): void
  isCut(): boolean
  /** True: nothing passes, and what is open is broken off. */
  setCut(cut: boolean): void
}

/** The wire servers of a host, one for each guest; they live and die with the agent. */
export interface WireServers {
  open(containerId: string): void
  closeAll(): void
  of(containerId: string, key: string): Wire
}

export interface WireParts {
  readonly host: string
  readonly clock: Clock
  /** The run of the agent that serves now. */
  run(): AgentRun | undefined
  witness(fact: Fact): void
}

/** A request within one machine. */
const wireMs = 1

/** The guest agent's limit (machine/guest-os/wire-client.ts), besides the time for which the Host Agent may hold its answer. */
export const answerLimitMs = 10_000

export function wireServersOf({ host, clock, run, witness }: WireParts): WireServers {
  const listening = new Set<string>()
  /** Breaks off calls without an answer yet, by container. */
  const open = new Map<string, Set<() => void>>()
  const soon = (then: () => void) => void clock.schedule(clock.now() + wireMs, then)
  const breakOff = (requests: ReadonlySet<() => void>) => {
    for (const end of requests) end()
  }

  return {
    open: (containerId) => void listening.add(containerId),
    closeAll() {
      listening.clear()
      for (const requests of open.values()) breakOff(requests)
    },
    of(containerId, key) {
      const requests = new Set<() => void>()
      open.set(containerId, requests)
      let cut = false

      function ask<Answer>(
        waitMs: number,
        serve: (agent: AgentRun, answer: (answer: Answer | undefined) => void) => void,
        ended: (answer: Answer | undefined) => void,
      ): void {
        const agent = run()
        const end = (answer: Answer | undefined) => {
          if (!requests.delete(breaks)) return
          giveUp()
          ended(answer)
        }
        const breaks = () => end(undefined)
        requests.add(breaks)
        const giveUp = clock.schedule(clock.now() + waitMs + answerLimitMs, breaks)
        if (!agent || cut || !listening.has(containerId)) return soon(breaks)
        serve(agent, (answer) => agent.own.whenRunning(() => end(answer)))
      }

      return {
        fetch: (ended) =>
          ask<Goal>(0, ({ driver }, answer) => soon(() => answer(goalOf(driver.state(), containerId))), ended),
        post: (health, held, ended) =>
          ask<number>(
            held?.waitMs ?? 0,
            ({ driver, waiting }, answer) => {
              const { isOver, limitMs } = holdOf(driver.state(), health, held?.waitMs ?? 0, held?.inHand)
              const over = () => answer(incarnationOf(driver.state(), containerId))
              driver.deliver({ kind: 'health', health }, (fault) => {
                const ready = health.state === 'Ready'
                const atTasks = ready || startedRole.has(health.subStatus ?? '')
                if (!fault) witness({ kind: 'guestHeard', host, containerId, key, ready, atTasks })
                if (limitMs === 0) soon(over)
                else
                  waiting.until(
                    () => isOver(driver.state()),
                    limitMs,
                    (early) => (early ? soon(over) : over()),
                  )
              })
            },
            ended,
          ),
        isCut: () => cut,
        setCut(value) {
          cut = value
          if (cut) breakOff(requests)
        },
      }
    },
  }
}

function goalOf({ configuration, containers }: HostState, containerId: string): Goal | undefined {
  const record = containers.get(containerId)?.record
  if (!record?.served) return undefined
  const { roleInstance, ...guest } = goalStateOf(record, record.served, '')
  return goalFrom(guest, roleInstance, guestConfiguration(configuration, record, record.served))
}

/** What a guest reports once the host stack has been started. */
const startedRole: ReadonlySet<string> = new Set([
  'StartingRole',
  'RestartingRole',
  'FailedStartingRole',
  'BusyRole',
  'CyclingRole',
])
