import type { RotationReport, RotationTable } from '../fabric/contract/rotation.ts'
import type { Timers } from '../kernel/timers.ts'
import type { Clock } from './clock.ts'
import type { Poll, Told } from './controller/answers.ts'
import type { Controllers } from './controllers.ts'
import { machineClock } from './machine-clock.ts'
import type { Network } from './network.ts'
import { pausableClock } from './pausable.ts'
import type { Random } from './random.ts'

export const balancerName = 'balancer'

/** The load balancer: serves the newest rotation table that it has received, and its saved copy after a restart. */
export interface SimulatedBalancer {
  /** In force for every new connection, whether or not the process that wrote it runs. */
  table(): RotationTable
  runs(): boolean
  start(): void
  kill(): void
  /** Stops the process until it goes on or dies (SIGSTOP). */
  pause(): void
  resume(): void
  isPaused(): boolean
  /** Clients hold connections to the instance open until they close them: streams without end, or a request that takes so long. */
  hold(instance: string, what: 'stream' | 'request'): void
  letGo(instance: string): void
}

const pollMs = 30_000
const answerLimitMs = 10_000

/** How long it waits before it asks again when a controller did not answer. */
const againMs = 500

/** The longest http request in flight when an instance begins to drain. */
const longestRequestMs = 400

export interface BalancerParts {
  readonly clock: Clock
  readonly network: Network
  readonly random: Random
  readonly controllers: Controllers
  readonly timers: Timers
}

export function simulatedBalancer({
  clock: time,
  network,
  random,
  controllers,
  timers,
}: BalancerParts): SimulatedBalancer {
  const machine = machineClock(time)
  let clock = pausableClock(machine)
  let table: RotationTable = { version: 0, endpoints: [] }
  let run = 0
  let running = false
  let drained = new Set<string>()
  const held = new Map<string, 'stream' | 'request'>()
  const after = (delayMs: number, then: () => void) => {
    const asked = run
    clock.schedule(clock.now() + delayMs, () => running && asked === run && then())
  }

  function poll(ofRun: number): void {
    const { version } = table
    const mine = () => running && ofRun === run
    controllers.ask<Poll<RotationTable>>({
      from: balancerName,
      limitMs: pollMs + answerLimitMs,
      waitMs: pollMs,
      serve: (controller, answer) => controller.rotation(version, pollMs, answer),
      ended: (answer) =>
        clock.whenRunning(() => {
          if (!mine()) return
          if (answer?.news) serve(answer.news)
          after(answer ? 0 : againMs, () => poll(ofRun))
        }),
    })
  }

  function serve(newer: RotationTable): void {
    if (newer.version <= table.version) return
    table = newer
    const draining = drainingIn(newer)
    drained = new Set([...drained].filter((instance) => draining.includes(instance)))
    report()
    for (const instance of draining) if (!drained.has(instance)) after(restOf(instance), () => drain(instance))
  }

  /** Streams are asked to end after their grace and do not count from then on (L-19). */
  function restOf(instance: string): number {
    return held.get(instance) === 'stream' ? timers.streamGrace : random.below(longestRequestMs)
  }

  function drain(instance: string): void {
    if (!drainingIn(table).includes(instance)) return
    if (held.get(instance) === 'request') return after(againMs, () => drain(instance))
    drained.add(instance)
    report()
  }

  /** Reports what is in force, again until it is heard. */
  function report(): void {
    const told: RotationReport = {
      balancer: `balancer-run-${run}`,
      acknowledged: table.version,
      drained: [...drained],
      boundPorts: {},
      probedOut: {},
      failed: {},
    }
    const ofRun = run
    controllers.ask<Told>({
      from: balancerName,
      limitMs: answerLimitMs,
      serve: (controller, answer) => controller.rotationReport(told, answer),
      ended: (heard) =>
        clock.whenRunning(() => {
          if (!heard?.taken && running && ofRun === run) after(againMs, report)
        }),
    })
  }

  return {
    table: () => table,
    runs: () => running,
    start() {
      run++
      running = true
      clock = pausableClock(machine)
      network.up(balancerName)
      report()
      poll(run)
    },
    kill() {
      running = false
      network.down(balancerName)
    },
    pause() {
      if (!running) return
      clock.pause()
      network.down(balancerName)
    },
    resume() {
      if (!running || !clock.isPaused()) return
      network.up(balancerName)
      clock.resume()
    },
    hold: (instance, what) => void held.set(instance, what),
    letGo: (instance) => void held.delete(instance),
    isPaused: () => running && clock.isPaused(),
  }
}

function drainingIn({ endpoints }: RotationTable): readonly string[] {
  const members = endpoints.flatMap(({ members }) => members)
  return [...new Set(members.filter(({ state }) => state === 'draining').map(({ instance }) => instance))]
}
