import { allSubjects, type HostConfiguration, type HostState } from '../host/agent/state.ts'
import type { WitnessSaid } from '../host/agent/witness-said.ts'
import type { HostFacts } from '../host/contract/report.ts'
import type { Instant } from '../kernel/instant.ts'
import { lookEveryMs } from '../kernel/lapse.ts'
import { type Disk, emptyDisk } from './disk.ts'
import { agentRun } from './host/agent-run.ts'
import { type OtherMachine, simulatedHearing } from './host/hearing.ts'
import { pollGoal } from './host/poll-goal.ts'
import type { HostParts, HostSite } from './host/site.ts'
import { watchHearing } from './host/witnesses.ts'
import { type Machine, machineOf } from './machine.ts'
import { machineClock } from './machine-clock.ts'
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
  /** Stops the agent, and holds its messages, until it goes on or dies (SIGSTOP). */
  pauseAgent(): void
  resumeAgent(): void
  isAgentPaused(): boolean
  /** The time by the machine's clock. */
  now(): Instant
  /** Sets that clock forward, or back. */
  setClock(ms: number): void
  /** The agent restarts, with another guest agent for its guests (H-24). */
  updateGuestAgents(): void
  /** Answers another machine's question when this one last heard a master. */
  witness(answer: (said: WitnessSaid) => void): void
  /** The other machines, where there are several. */
  others(): readonly OtherMachine[]
  /** The machine loses its power, and with it every process. */
  powerOff(): void
  powerOn(): void
}

export function simulatedHost(parts: HostParts): SimulatedHost {
  const { clock: time, network, timers, size } = parts
  const { name } = size
  const clock = machineClock(time)
  const machine = machineOf(name, parts.witness)
  const disk = emptyDisk()
  let runs = 0
  let ports = 30_000
  let guestAgents = 1
  let run: AgentRun | undefined
  const wires = wireServersOf({ host: name, clock, run: () => run, witness: parts.witness })
  const freePort = () => ports++
  const hearing = simulatedHearing(time)
  const site: HostSite = { name, parts, clock, machine, disk, wires, configuration, run: () => run, freePort, hearing }

  function configuration(): HostConfiguration {
    const facts: HostFacts = {
      ...size,
      memoryMB: 0,
      diskMB: 0,
      firstPort: 0,
      bootId: machine.bootId(),
      agentRun: `${name}-run-${runs}`,
    }
    return {
      facts,
      dataDirectory: `/${name}`,
      wireAddress: '127.5.0.1',
      programs: '/programs',
      agentPackage: { path: '/programs/WindowsAzureGuestAgent.mjs', incarnation: String(guestAgents) },
      timers,
      ownNetworks: false,
    }
  }

  function startAgent(): void {
    if (!machine.hasPower()) return
    killAgent()
    runs++
    const started = agentRun(site, (error) => {
      killAgent()
      parts.died(error)
    })
    run = started
    network.up(name)
    parts.witness({ kind: 'agentStarted', host: name })
    started.driver.touch(allSubjects(started.driver.state()))
    pollGoal(site, started)
    watchHearing(site, started)
  }

  function killAgent(): void {
    run?.driver.stop()
    run?.waiting.stop()
    run = undefined
    network.down(name)
    wires.closeAll()
  }

  return {
    name,
    machine,
    disk,
    agent: () => run?.driver.state(),
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
    others: parts.others,
    setClock(ms) {
      clock.set(ms)
      time.schedule(time.now() + lookEveryMs, () => run?.driver.touch([]))
    },
    updateGuestAgents() {
      guestAgents++
      startAgent()
    },
    witness(answer) {
      const agoMs = hearing.agoMs()
      if (run && !run.own.isPaused()) answer({ machine: name, kind: agoMs === undefined ? 'never' : 'heard', agoMs })
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
