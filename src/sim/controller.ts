import type { CommandEnvelope, CommandReply } from '../fabric/contract/commands.ts'
import { party } from '../fabric/contract/paths.ts'
import type { UpgradePolicy } from '../fabric/contract/plan.ts'
import type { RotationReport, RotationTable } from '../fabric/contract/rotation.ts'
import type { ControllerAction } from '../fabric/controller/action.ts'
import { controller } from '../fabric/controller/agent.ts'
import { goalAndDefects, goalVersionOf } from '../fabric/controller/deployment/goals.ts'
import type { Message } from '../fabric/controller/message.ts'
import { isAcknowledged, rotationOf } from '../fabric/controller/rotation/rotation.ts'
import { isNews } from '../fabric/controller/seen/goal-given.ts'
import { isKnownHost } from '../fabric/controller/seen/known-host.ts'
import { type Given, versionsGiven } from '../fabric/controller/serve/given.ts'
import { commitTo } from '../fabric/controller/state/commit.ts'
import { firstVersion } from '../fabric/controller/state/facts.ts'
import { instancesOn, versionOf } from '../fabric/controller/state/find.ts'
import { allSubjects, restore, withFirstSubscription } from '../fabric/controller/state/restore.ts'
import type { FabricState } from '../fabric/controller/state/state.ts'
import { deploymentOf, deploymentSubject, type Subject } from '../fabric/controller/subject.ts'
import { toPrepare } from '../fabric/controller/update/prepare.ts'
import type { HostGoal } from '../host/contract/goal.ts'
import type { HostFacts, HostReport } from '../host/contract/report.ts'
import { defectFault } from '../kernel/attempt.ts'
import type { Defect, Loop } from '../kernel/loop.ts'
import type { Timers } from '../kernel/timers.ts'
import type { OsFamily } from '../service-model/operating-systems.ts'
import type { VirtualClock } from './clock.ts'
import { drive } from './drive.ts'
import { type ControllerWorld, performController } from './facilities/controller.ts'
import type { Fact } from './fact.ts'
import type { Vault } from './memory-store.ts'
import type { Network } from './network.ts'
import { type PausableClock, pausableClock } from './pausable.ts'
import { type Poison, poisoned } from './poison.ts'
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
  /** Stops the process, with all that it would hear, until it goes on or dies (SIGSTOP). */
  pause(): void
  resume(): void
  isPaused(): boolean
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
  readonly poison: Poison
  /** Called when a commit has ended the process. */
  died(error: unknown): void
  witness(fact: Fact): void
  defect(defect: Defect<Subject>): void
}

interface Run {
  readonly driver: Loop<FabricState, Message, Subject>
  readonly own: PausableClock
  readonly waiting: Waiting
  readonly given: Given
  polls: number
}

export const subscriptionId = '00000000-0000-0000-0000-000000000001'
export const controllerName = 'controller'

export function simulatedController(parts: ControllerParts): SimulatedController {
  const { clock, network, random, timers } = parts
  let run: Run | undefined

  function start(): void {
    kill()
    const store = parts.vault.open()
    const told = { timers, policy: parts.policy, osFamilies: parts.osFamilies() }
    const facts = { epoch: store.epoch(), network: 5, dnsSuffix: 'localhost', blobHosts: ['blobs'], ...told }
    const restored = restore(facts, clock.now(), store.load())
    const state = withFirstSubscription(restored, firstSubscription(parts.maxCores, clock.now()))
    const waiting = waitingOn(clock)
    const own = pausableClock(clock)
    const driver = drive({
      agent: poisoned(controller, subjectOf, mayThrow),
      state,
      rests: timers.recycleDelays,
      defect: parts.defect,
      clock: own,
      lapse: own.lapse,
      commit: commitTo(store),
      perform: performController(parts),
      changed: () => waiting.check(),
      died(error) {
        kill()
        parts.died(error)
      },
    })
    run = { driver, own, waiting, given: versionsGiven(), polls: 0 }
    network.up(controllerName)
    parts.witness({ kind: 'controllerHears' })
    driver.touch(allSubjects(state))
  }

  /** Whoever is to go goes: what has been poisoned is the decision to keep it. */
  function mayThrow({ stored }: FabricState, subject: Subject) {
    const isGoing = stored.deployment.get(deploymentOf(subject) ?? '')?.wanted === 'Deleted'
    return isGoing ? undefined : parts.poison.of(controllerName, subject)
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

  /** As serve/serving.ts takes in what a party has seen. */
  function hear({ driver, given }: Run, who: string, version: number, heard: () => void): void {
    if (!given.isNews(who, version, firstVersion(driver.state().facts.epoch))) return heard()
    driver.deliver({ kind: 'seen', party: who, version }, heard)
  }

  return {
    state: () => run?.driver.state(),
    start,
    kill,
    pause() {
      run?.own.pause()
      network.down(controllerName)
    },
    resume() {
      if (!run?.own.isPaused()) return
      network.up(controllerName)
      parts.witness({ kind: 'controllerHears' })
      run.own.resume()
    },
    isPaused: () => run?.own.isPaused() ?? false,
    register: (facts, answer) =>
      alive(({ driver }) =>
        driver.deliver({ kind: 'register', facts }, (threw) => answer({ taken: threw === undefined })),
      ),
    report: (host, report, answer) =>
      alive(({ driver, waiting }, state) => {
        if (!isKnownHost(state(), host, report.agentRun)) return answer({ taken: false })
        const before = state().observed.rotation.version
        driver.deliver({ kind: 'report', host, report }, (threw) => {
          if (threw !== undefined) return answer({ taken: false })
          const { version } = state().observed.rotation
          const someLeave = report.instances.some(({ status }) => status !== 'ReadyRole')
          const end = () => answer({ taken: true })
          if (version === before || !someLeave) return end()
          waiting.until(() => isAcknowledged(state(), version), timers.rotationOutLimit, end)
        })
      }),
    goal: (host, after, waitMs, answer) =>
      alive((one, state) =>
        hear(one, host, after, () =>
          one.waiting.until(
            () => goalVersionOf(state(), host) > after,
            waitMs,
            (newer) => {
              if (!newer) return answer({})
              const { goal, threw } = goalAndDefects(state(), host)
              if (isNews(state(), { host, threw })) one.driver.deliver({ kind: 'goalGiven', host, threw })
              one.given.gave(host, goal.version)
              answer({ news: goal })
            },
          ),
        ),
      ),
    package: (host, sha256, answer) =>
      alive((_, state) => answer({ taken: isPlacedOn(state(), host, sha256) && parts.packages.has(sha256) })),
    rotation: (after, waitMs, answer) =>
      alive((one, state) => {
        const { driver, waiting } = one
        one.polls += 1
        if (!state().observed.balancer.polling) driver.deliver({ kind: 'balancerPoll', open: true })
        const end = (newer: boolean) => {
          one.polls -= 1
          const gone = () => one.polls === 0 && driver.deliver({ kind: 'balancerPoll', open: false })
          clock.schedule(clock.now() + timers.rotationOutLimit, gone)
          if (newer) one.given.gave(party.loadBalancer, state().observed.rotation.version)
          answer(newer ? { news: rotationOf(state()) } : {})
        }
        hear(one, party.loadBalancer, after, () =>
          waiting.until(() => state().observed.rotation.version > after, waitMs, end),
        )
      }),
    rotationReport: (report, answer) =>
      alive((one) =>
        hear(one, party.loadBalancer, report.acknowledged, () =>
          one.driver.deliver({ kind: 'balancerReport', report }, () => answer({ taken: true })),
        ),
      ),
    command: (envelope, answer) =>
      alive(({ driver }, state) =>
        driver.deliver({ kind: 'command', envelope, freshId: random.hex32() }, (threw) => {
          if (threw !== undefined) return answer({ refused: defectFault(threw) })
          const accepted = state().stored.operation.get(envelope.requestId)
          const refused = state().observed.refusals.get(envelope.requestId)
          if (accepted) answer({ accepted })
          else if (refused) answer({ refused })
        }),
      ),
  }
}

function subjectOf(action: ControllerAction): Subject | undefined {
  return 'deployment' in action ? deploymentSubject(action.deployment) : undefined
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
