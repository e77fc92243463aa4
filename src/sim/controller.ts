import type { CommandEnvelope, CommandReply } from '../fabric/contract/commands.ts'
import type { UpgradePolicy } from '../fabric/contract/plan.ts'
import type { RotationReport, RotationTable } from '../fabric/contract/rotation.ts'
import type { ControllerAction, Effect } from '../fabric/controller/action.ts'
import { controller } from '../fabric/controller/agent.ts'
import { command } from '../fabric/controller/desk/command.ts'
import { goalPoll } from '../fabric/controller/desk/goal-poll.ts'
import type { Next, Refusal, Sight } from '../fabric/controller/desk/next.ts'
import { type OpenDesk, openDesk } from '../fabric/controller/desk/open-desk.ts'
import { packageRequest } from '../fabric/controller/desk/package-request.ts'
import { hostReport, registration, rotationReport } from '../fabric/controller/desk/report.ts'
import { rotationPoll } from '../fabric/controller/desk/rotation-poll.ts'
import type { Message } from '../fabric/controller/message.ts'
import { commitTo } from '../fabric/controller/state/commit.ts'
import { allSubjects, restore, withFirstSubscription } from '../fabric/controller/state/restore.ts'
import type { FabricState } from '../fabric/controller/state/state.ts'
import { deploymentOf, deploymentSubject, type Subject } from '../fabric/controller/subject.ts'
import type { HostGoal } from '../host/contract/goal.ts'
import type { HostFacts, HostReport } from '../host/contract/report.ts'
import type { Committer } from '../kernel/commit.ts'
import type { Instant } from '../kernel/instant.ts'
import { lookEveryMs } from '../kernel/lapse.ts'
import type { Defect, Loop } from '../kernel/loop.ts'
import type { Timers } from '../kernel/timers.ts'
import type { OsFamily } from '../service-model/operating-systems.ts'
import type { VirtualClock } from './clock.ts'
import { drive } from './drive.ts'
import { performController, type SimulatedControllerFacilities } from './facilities/controller.ts'
import type { Fact } from './fact.ts'
import { machineClock } from './machine-clock.ts'
import type { Vault } from './memory-store.ts'
import type { Network } from './network.ts'
import { type PausableClock, pausableClock } from './pausable.ts'
import { type Poison, poisoned } from './poison.ts'
import type { Random } from './random.ts'

/** An answer to a poll; nothing in it: nothing newer came (204). */
export interface Poll<Value> {
  readonly news?: Value
}

export interface Told {
  /** False: refused, because the host has not registered with this master. */
  readonly taken: boolean
}

/** The fabric controller as a process: its loop and its desk, with typed messages instead of HTTP. */
export interface SimulatedController {
  /** The committed state of the master; undefined while none runs. */
  state(): FabricState | undefined
  start(): void
  kill(): void
  /** Stops the process, with all that it would hear, until it goes on or dies (SIGSTOP). */
  pause(): void
  resume(): void
  isPaused(): boolean
  /** The time by its machine's clock. */
  now(): Instant
  /** Sets that clock forward, or back. */
  setClock(ms: number): void
  register(facts: HostFacts, answer: (told: Told) => void): void
  report(host: string, report: HostReport, answer: (told: Told) => void): void
  goal(host: string, after: number, waitMs: number, answer: (poll: Poll<HostGoal>) => void): void
  package(host: string, sha256: string, answer: (told: Told) => void): void
  rotation(after: number, waitMs: number, answer: (poll: Poll<RotationTable>) => void): void
  rotationReport(report: RotationReport, answer: (told: Told) => void): void
  command(envelope: CommandEnvelope, answer: (reply: CommandReply) => void): void
}

export interface ControllerParts extends SimulatedControllerFacilities {
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
  readonly desk: OpenDesk
}

export const subscriptionId = '00000000-0000-0000-0000-000000000001'
export const controllerName = 'controller'

export function simulatedController(parts: ControllerParts): SimulatedController {
  const { clock: time, network, random, timers } = parts
  const clock = machineClock(time)
  let run: Run | undefined
  /** How often it was started or ended: what is left of an earlier run of the process means nothing. */
  let starts = 0

  /** The process serves as soon as what it begins with is stored. */
  function start(): void {
    kill()
    const begun = starts
    const own = pausableClock(clock)
    const died = (error: unknown) => {
      if (begun !== starts) return
      kill()
      parts.died(error)
    }
    const store = parts.vault.open({ whenRunning: own.whenRunning, died })
    const told = { timers, policy: parts.policy, osFamilies: parts.osFamilies() }
    const facts = { epoch: store.epoch(), network: 5, dnsSuffix: 'localhost', blobHosts: ['blobs'], ...told }
    const restored = restore(facts, clock.now(), store.load())
    const commit = commitTo(store)
    commit(withFirstSubscription(restored, firstSubscription(parts.maxCores, clock.now())), (result) => {
      if (begun !== starts) return
      if (result.outcome === 'committed') serve(result.state, commit, own, died)
      else died(new Error(result.reason))
    })
  }

  function serve(
    state: FabricState,
    commit: Committer<FabricState>,
    own: PausableClock,
    died: (error: unknown) => void,
  ): void {
    const carryOut = performController({ ...parts, clock })
    const desk = openDesk({
      ...own,
      state: () => driver.state(),
      deliver: (message, ended) => driver.deliver(message, ended),
    })
    const driver = drive({
      agent: poisoned(controller, subjectOf, mayThrow),
      state,
      rests: timers.recycleDelays,
      defect: parts.defect,
      clock: own,
      lapse: own.lapse,
      commit,
      perform(action, settled) {
        const record = recordOf(action)
        if (record) parts.witness({ kind: 'controllerActs', action: action.kind, record })
        carryOut(action, settled)
      },
      changed: desk.changed,
      died,
    })
    run = { driver, own, desk }
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
    starts++
    run?.driver.stop()
    run?.desk.close()
    run = undefined
    network.down(controllerName)
  }

  /** Served while the process runs; what a dead one was asked is broken off by the network. */
  function ask<Answer>(begin: (sight: Sight) => Next<Answer>, answer: (answer: Answer) => void): void {
    run?.desk.serve(begin, answer, (thrown) => {
      throw thrown
    })
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
    now: clock.now,
    setClock(ms) {
      clock.set(ms)
      time.schedule(time.now() + lookEveryMs, () => run?.driver.touch([]))
    },
    register: (facts, answer) => ask(() => registration(facts), toldTo(answer)),
    report: (host, report, answer) =>
      ask((sight) => {
        const next = hostReport(sight, host, report)
        // Whoever is not known is told at once.
        if (next.kind !== 'say') parts.witness({ kind: 'hostHeard', host })
        return next
      }, toldTo(answer)),
    goal: (host, after, waitMs, answer) => ask((sight) => goalPoll(sight, host, { after, waitMs }), newsTo(answer)),
    package: (host, sha256, answer) =>
      ask(
        (sight) => packageRequest(sight, host, sha256),
        (refusal) => answer({ taken: !refusal && parts.packages.has(sha256) }),
      ),
    rotation: (after, waitMs, answer) => ask((sight) => rotationPoll(sight, { after, waitMs }), newsTo(answer)),
    rotationReport: (report, answer) => ask((sight) => rotationReport(sight, report), toldTo(answer)),
    command: (envelope, answer) => ask(() => command(envelope, random.hex32()), answer),
  }
}

function toldTo(answer: (told: Told) => void): (refusal: Refusal | undefined) => void {
  return (refusal) => answer({ taken: !refusal })
}

function newsTo<Value>(answer: (poll: Poll<Value>) => void): (news: Value | undefined) => void {
  return (news) => answer(news === undefined ? {} : { news })
}

function subjectOf(action: ControllerAction): Subject | undefined {
  return 'deployment' in action ? deploymentSubject(action.deployment) : undefined
}

/** The record that an effect follows from. */
function recordOf(action: Effect): string | undefined {
  if (action.kind === 'fetchPackage') return `deployment/${action.deployment}`
  return action.kind === 'copyPackage' ? `packageCopy/${action.copy.operation}` : undefined
}

function firstSubscription(maxCores: number, createdAt: number) {
  const status = 'Active' as const
  return { id: subscriptionId, name: 'Simulated', status, createdAt, maxCores, maxServices: 1_000, certificates: [] }
}
