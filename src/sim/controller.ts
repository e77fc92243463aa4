import type { CommandEnvelope, CommandReply } from '../fabric/contract/commands.ts'
import type { UpgradePolicy } from '../fabric/contract/plan.ts'
import type { RotationReport, RotationTable } from '../fabric/contract/rotation.ts'
import { controller } from '../fabric/controller/agent.ts'
import { commitTo } from '../fabric/controller/commit.ts'
import { instancesOn, versionOf } from '../fabric/controller/find.ts'
import { goalOf, goalVersionOf } from '../fabric/controller/goals.ts'
import { isKnownHost } from '../fabric/controller/known-host.ts'
import type { Message } from '../fabric/controller/message.ts'
import { allSubjects, restore, withFirstSubscription } from '../fabric/controller/restore.ts'
import { isAcknowledged, rotationOf } from '../fabric/controller/rotation.ts'
import type { FabricState } from '../fabric/controller/state.ts'
import type { Subject } from '../fabric/controller/subject.ts'
import { toPrepare } from '../fabric/controller/update/prepare.ts'
import type { HostGoal } from '../host/contract/goal.ts'
import type { HostFacts, HostReport } from '../host/contract/report.ts'
import type { Loop } from '../kernel/loop.ts'
import type { Timers } from '../kernel/timers.ts'
import type { OsFamily } from '../service-model/operating-systems.ts'
import type { VirtualClock } from './clock.ts'
import { drive } from './drive.ts'
import { type ControllerWorld, performController } from './facilities/controller.ts'
import type { Vault } from './memory-store.ts'
import type { Network } from './network.ts'
import type { Random } from './random.ts'
import { type Waiting, waitingOn } from './waiting.ts'

/** An answer to a poll; nothing in it: nothing newer came (204). */
export interface Poll<Value> {
  readonly news?: Value
}

export interface Told {
  /** False: refused, because the host has not registered with this master. */
  readonly taken: boolean
}

/** The fabric controller as a process: what its routes do, with typed messages. */
export interface SimulatedController {
  /** The committed state of the master; undefined while none runs. */
  state(): FabricState | undefined
  start(): void
  kill(): void
  register(facts: HostFacts, answer: (told: Told) => void): void
  report(host: string, report: HostReport, answer: (told: Told) => void): void
  goal(host: string, after: number, waitMs: number, answer: (poll: Poll<HostGoal>) => void): void
  package(host: string, sha256: string, answer: (told: Told) => void): void
  rotation(after: number, waitMs: number, answer: (poll: Poll<RotationTable>) => void): void
  rotationReport(report: RotationReport, answer: (told: Told) => void): void
  command(envelope: CommandEnvelope, answer: (reply: CommandReply) => void): void
}

export interface ControllerParts extends ControllerWorld {
  readonly clock: VirtualClock
  readonly network: Network
  readonly random: Random
  readonly vault: Vault
  readonly timers: Timers
  readonly maxCores: number
  readonly policy: UpgradePolicy
  /** The guest operating systems that a controller knows which starts now (H-22). */
  osFamilies(): readonly OsFamily[]
  /** Called when a commit has ended the process. */
  died(error: unknown): void
}

interface Run {
  readonly driver: Loop<FabricState, Message, Subject>
  readonly waiting: Waiting
  polls: number
}

export const subscriptionId = '00000000-0000-0000-0000-000000000001'
export const controllerName = 'controller'

export function simulatedController(parts: ControllerParts): SimulatedController {
  const { clock, network, random, timers } = parts
  let run: Run | undefined

  function start(): void {
    kill()
    const { store, epoch } = parts.vault.open()
    const told = { timers, policy: parts.policy, osFamilies: parts.osFamilies() }
    const facts = { epoch, network: 5, dnsSuffix: 'localhost', blobHosts: ['blobs'], ...told }
    const restored = restore(facts, clock.now(), store.load())
    const state = withFirstSubscription(restored, firstSubscription(parts.maxCores, clock.now()))
    const waiting = waitingOn(clock)
    const driver = drive({
      agent: controller,
      state,
      clock,
      commit: commitTo(store),
      perform: performController(parts),
      changed: () => waiting.check(),
      died(error) {
        kill()
        parts.died(error)
      },
    })
    run = { driver, waiting, polls: 0 }
    network.up(controllerName)
    driver.touch(allSubjects(state))
  }

  function kill(): void {
    run?.driver.stop()
    run?.waiting.stop()
    run = undefined
    network.down(controllerName)
  }

  /** Runs while the process does; what a dead one was asked is broken off by the network. */
  function alive(serve: (run: Run, state: () => FabricState) => void): void {
    if (run) serve(run, run.driver.state)
  }

  return {
    state: () => run?.driver.state(),
    start,
    kill,
    register: (facts, answer) =>
      alive(({ driver }) => driver.deliver({ kind: 'register', facts }, () => answer({ taken: true }))),
    report: (host, report, answer) =>
      alive(({ driver, waiting }, state) => {
        if (!isKnownHost(state(), host, report.agentRun)) return answer({ taken: false })
        const before = state().observed.rotation.version
        driver.deliver({ kind: 'report', host, report }, () => {
          const { version } = state().observed.rotation
          const someLeave = report.instances.some(({ status }) => status !== 'ReadyRole')
          const end = () => answer({ taken: true })
          if (version === before || !someLeave) return end()
          waiting.until(() => isAcknowledged(state(), version), timers.rotationOutLimit, end)
        })
      }),
    goal: (host, after, waitMs, answer) =>
      alive(({ waiting }, state) =>
        waiting.until(
          () => goalVersionOf(state(), host) > after,
          waitMs,
          (newer) => answer(newer ? { news: goalOf(state(), host) } : {}),
        ),
      ),
    package: (host, sha256, answer) =>
      alive((_, state) => answer({ taken: isPlacedOn(state(), host, sha256) && parts.packages.has(sha256) })),
    rotation: (after, waitMs, answer) =>
      alive((one, state) => {
        const { driver, waiting } = one
        one.polls += 1
        if (!state().observed.balancer.polling) driver.deliver({ kind: 'balancerPoll', open: true })
        waiting.until(
          () => state().observed.rotation.version > after,
          waitMs,
          (newer) => {
            one.polls -= 1
            const gone = () => one.polls === 0 && driver.deliver({ kind: 'balancerPoll', open: false })
            clock.schedule(clock.now() + timers.rotationOutLimit, gone)
            answer(newer ? { news: rotationOf(state()) } : {})
          },
        )
      }),
    rotationReport: (report, answer) =>
      alive(({ driver }) => driver.deliver({ kind: 'balancerReport', report }, () => answer({ taken: true }))),
    command: (envelope, answer) =>
      alive(({ driver }, state) =>
        driver.deliver({ kind: 'command', envelope, freshId: random.hex32() }, () => {
          const accepted = state().stored.operation.get(envelope.requestId)
          const refused = state().observed.refusals.get(envelope.requestId)
          if (accepted) answer({ accepted })
          else if (refused) answer({ refused })
        }),
      ),
  }
}

function firstSubscription(maxCores: number, createdAt: number) {
  const status = 'Active' as const
  return { id: subscriptionId, name: 'Simulated', status, createdAt, maxCores, maxServices: 1_000, certificates: [] }
}

/** As serve/host-routes.ts answers. */
function isPlacedOn(state: FabricState, host: string, sha256: string): boolean {
  return instancesOn(state, host).some((instance) => {
    const owner = state.stored.deployment.get(instance.deployment)
    if (!owner) return false
    const runs = versionOf(state, owner, instance.version, instance.role).package.sha256
    return runs === sha256 || toPrepare(owner, instance) === sha256
  })
}
