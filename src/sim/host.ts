import type { HostAction } from '../host/agent/actions.ts'
import { hostAgent } from '../host/agent/agent.ts'
import { guestSettings } from '../host/agent/guest-settings.ts'
import { loadedState } from '../host/agent/load.ts'
import { containerSubject, type HostSubject } from '../host/agent/messages.ts'
import { persister } from '../host/agent/persist.ts'
import { allSubjects, type ContainerRecord, type HostConfiguration, type HostState } from '../host/agent/state.ts'
import type { HostGoal } from '../host/contract/goal.ts'
import type { HostFacts } from '../host/contract/report.ts'
import type { Fault } from '../kernel/fault.ts'
import type { Instant } from '../kernel/instant.ts'
import { lookEveryMs } from '../kernel/lapse.ts'
import type { Defect } from '../kernel/loop.ts'
import type { Timers } from '../kernel/timers.ts'
import type { RoleModel } from '../service-model/role-model.ts'
import type { Clock } from './clock.ts'
import { controllerName, type Poll, type SimulatedController, type Told } from './controller.ts'
import { type Disk, emptyDisk } from './disk.ts'
import { drive, mortal } from './drive.ts'
import { type HostWorld, performHost } from './facilities/host.ts'
import type { Fact } from './fact.ts'
import type { Behaviour } from './guest/behaviour.ts'
import { type SimulatedGuest, startGuest } from './guest/guest.ts'
import { thinkingParts } from './guest/guest-part.ts'
import { type Machine, machineOf } from './machine.ts'
import { machineClock } from './machine-clock.ts'
import type { Network } from './network.ts'
import { pausableClock } from './pausable.ts'
import type { PlanOfDeath } from './plan-of-death.ts'
import { type Poison, poisoned } from './poison.ts'
import { waitingOn } from './waiting.ts'
import { type AgentRun, wireServersOf } from './wire.ts'

/** A machine with its Host Agent. */
export interface SimulatedHost {
  readonly name: string
  readonly machine: Machine
  readonly disk: Disk
  /** The committed state of the agent; undefined while none runs. */
  agent(): HostState | undefined
  startAgent(): void
  killAgent(): void
  /** Stops the agent, with all that it would hear, until it goes on or dies (SIGSTOP). */
  pauseAgent(): void
  resumeAgent(): void
  isAgentPaused(): boolean
  /** The time by the machine's clock. */
  now(): Instant
  /** Sets that clock forward, or back. */
  setClock(ms: number): void
  /** The agent starts anew, with another guest agent for its guests (H-24). */
  updateGuestAgents(): void
  /** The machine loses its power, and with it every process. */
  powerOff(): void
  powerOn(): void
}

export interface HostParts {
  readonly clock: Clock
  readonly network: Network
  readonly controller: SimulatedController
  readonly timers: Timers
  readonly size: { readonly name: string; readonly cores: number; readonly faultDomain: number }
  behaviourOf(key: string, sha256: string): Behaviour
  /** When the guest agents of that instance are to die. */
  guestAgentDeath(key: string): PlanOfDeath
  modelOf(sha256: string, role: string): RoleModel | undefined
  /** True when something that the machine does is to fail now. */
  fails(): boolean
  readonly poison: Poison
  witness(fact: Fact): void
  died(error: unknown): void
  /** A part of the machine has a defect; the guest's are named by its key. */
  defect(party: string, defect: Defect<string>): void
}

/** As the Host Agent asks (machine/host/controller-link.ts): an answer needs no more than one commit of the controller. */
const answerLimitMs = 10_000
const goalPollMs = 30_000

export function simulatedHost(parts: HostParts): SimulatedHost {
  const { clock: time, network, controller, timers, size } = parts
  const { name } = size
  const clock = machineClock(time)
  const machine = machineOf(name, parts.witness)
  const disk = emptyDisk()
  let runs = 0
  let ports = 30_000
  let guestAgents = 1
  let run: AgentRun | undefined
  const wires = wireServersOf({ host: name, clock, run: () => run, witness: parts.witness })
  const agent = () => run?.driver.state()

  function facts(): HostFacts {
    const machineFacts = { memoryMB: 0, diskMB: 0, firstPort: 0 }
    return { ...size, ...machineFacts, bootId: machine.bootId(), agentRun: `${name}-run-${runs}` }
  }

  function configuration(): HostConfiguration {
    return {
      facts: facts(),
      dataDirectory: `/${name}`,
      wireAddress: '127.5.0.1',
      programs: '/programs',
      agentPackage: { path: '/programs/WindowsAzureGuestAgent.mjs', incarnation: String(guestAgents) },
      timers,
    }
  }

  function startAgent(): void {
    if (!machine.hasPower()) return
    killAgent()
    runs++
    const stored = disk.load()
    const state = loadedState(configuration(), stored, machine.isAlive, clock.now())
    const own = pausableClock(clock)
    const waiting = waitingOn(own)
    const carryOut = performHost(world())
    const driver = drive({
      agent: poisoned(hostAgent, subjectOf, (_, subject) => parts.poison.of(name, subject)),
      state,
      rests: timers.recycleDelays,
      defect: (defect) => parts.defect(name, defect),
      clock: own,
      lapse: own.lapse,
      commit: mortal(witnessed(persister(disk.files, stored)), died),
      perform(action, settled) {
        if (action.kind === 'stopGuest') {
          const { containerId, key } = action.record
          parts.witness({ kind: 'stopDecided', host: name, containerId, key })
        }
        carryOut(action, settled)
      },
      changed: () => waiting.check(),
    })
    run = { driver, own, waiting }
    network.up(name)
    parts.witness({ kind: 'agentStarted', host: name })
    driver.touch(allSubjects(state))
    pollGoal(runs)
  }

  function died(error: unknown): void {
    killAgent()
    parts.died(error)
  }

  /** The commit, with a fact when it has written something. */
  function witnessed(commit: (state: HostState) => HostState): (state: HostState) => HostState {
    return (state) => {
      const before = disk.death.writes()
      const committed = commit(state)
      if (disk.death.writes() > before) parts.witness({ kind: 'agentCommitted', host: name })
      return committed
    }
  }

  function killAgent(): void {
    run?.driver.stop()
    run?.waiting.stop()
    run = undefined
    network.down(name)
    wires.closeAll()
  }

  /** Asks for the goal again and again, as long as this run of the agent lives. */
  function pollGoal(ofRun: number): void {
    const mine = () => (run && ofRun === runs ? run : undefined)
    const asked = mine()
    if (!asked) return
    const after = asked.driver.state().goal.version
    network.ask<Poll<HostGoal>>({
      from: name,
      to: controllerName,
      limitMs: goalPollMs + answerLimitMs,
      serve: (answer) => controller.goal(name, after, goalPollMs, answer),
      ended: (poll) => asked.own.whenRunning(() => goOnWith(poll)),
    })
    function goOnWith(poll: Poll<HostGoal> | undefined): void {
      const again = (delayMs: number) => clock.schedule(clock.now() + delayMs, () => pollGoal(ofRun))
      const goOn = (fault: Fault | undefined) => (fault ? again(timers.heartbeatInterval) : pollGoal(ofRun))
      if (poll?.news) mine()?.driver.deliver({ kind: 'goal', goal: poll.news }, goOn)
      else again(poll ? 0 : timers.heartbeatInterval)
    }
  }

  /** What this run of the agent can do. */
  function world(): HostWorld {
    const ofRun = runs
    const whenRunning = (then: () => void) => (run ? run.own.whenRunning(then) : then())
    return {
      facts,
      later: (delayMs: number, then: () => void) =>
        void clock.schedule(clock.now() + delayMs, () => run && ofRun === runs && then()),
      fails: parts.fails,
      ask: (
        serve: (controller: SimulatedController, answer: (told: Told) => void) => void,
        ended: (told?: Told) => void,
      ) =>
        network.ask<Told>({
          from: name,
          to: controllerName,
          limitMs: answerLimitMs,
          serve: (answer) => serve(controller, answer),
          ended: (told) => whenRunning(() => ended(told)),
        }),
      keepPackage: (sha256: string) => void disk.packages.add(sha256),
      dropPackage: (sha256: string) => void disk.packages.delete(sha256),
      listen(containerId: string, port: number) {
        wires.open(containerId)
        return port === 0 ? ports++ : port
      },
      startGuest(record) {
        machine.stop(record.containerId, 'replacement')
        return machine.start(guestOf(record))
      },
      stopGuest: (containerId) => machine.stop(containerId, 'host'),
      rebuildDrives: machine.rebuildDrives,
      removeGuest: machine.remove,
    }
  }

  function guestOf(record: ContainerRecord): SimulatedGuest {
    const { containerId, key } = record
    return startGuest({
      clock,
      settings: guestSettings(configuration(), record),
      incarnation: String(guestAgents),
      wire: wires.of(containerId, key),
      drives: machine.drives(containerId),
      death: parts.guestAgentDeath(key),
      behaviour: (sha256) => parts.behaviourOf(key, sha256),
      modelOf: parts.modelOf,
      fails: parts.fails,
      defect: (party, defect) => parts.defect(`${party} of ${key}`, defect),
      isPoisoned: (party) => parts.poison.of(`${party} of ${key}`, thinkingParts[party]) !== undefined,
      hasPackage: (sha256) => disk.packages.has(sha256),
      stopping: ({ acceptedIncarnation: accepted, recycle }) =>
        parts.witness({ kind: 'roleStopping', host: name, containerId, key, accepted, asked: recycle !== undefined }),
      ended() {
        const process = machine.process(containerId)
        if (process) run?.driver.deliver({ kind: 'guestEnded', containerId, process })
      },
    })
  }

  return {
    name,
    machine,
    disk,
    agent,
    startAgent,
    killAgent,
    pauseAgent() {
      if (!run) return
      run.own.pause()
      network.down(name)
    },
    resumeAgent() {
      if (!run?.own.isPaused()) return
      network.up(name)
      parts.witness({ kind: 'agentGoesOn', host: name, stoppedMs: run.own.resume() })
    },
    isAgentPaused: () => run?.own.isPaused() ?? false,
    now: clock.now,
    setClock(ms) {
      clock.set(ms)
      time.schedule(time.now() + lookEveryMs, () => run?.driver.touch([]))
    },
    updateGuestAgents() {
      guestAgents++
      startAgent()
    },
    powerOff() {
      killAgent()
      machine.powerOff()
    },
    powerOn() {
      if (machine.hasPower()) return
      machine.powerOn()
      startAgent()
    },
  }
}

function subjectOf(action: HostAction): HostSubject | undefined {
  return 'record' in action && action.record ? containerSubject(action.record.containerId) : undefined
}
