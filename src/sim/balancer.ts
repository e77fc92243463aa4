import { party as parties } from '../fabric/contract/paths.ts'
import type { RotationReport, RotationTable } from '../fabric/contract/rotation.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Timers } from '../kernel/timers.ts'
import type { Clock } from './clock.ts'
import type { Poll, Told } from './controller/answers.ts'
import type { Controllers } from './controllers.ts'
import { machineClock } from './machine-clock.ts'
import type { Network } from './network.ts'
import { pausableClock } from './pausable.ts'
import type { Random } from './random.ts'

/** The balancer of a building that has one. */
export const balancerName = 'balancer'

/** A load balancer: serves the newest rotation table that it has received, and its saved copy after a restart. */
export interface SimulatedBalancer {
  /** Of the party on the network. */
  readonly name: string
  /** When it last had an answer to a poll; 0 before. */
  heardAt(): Instant
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

/** Of the only balancer; each of several asks with every heartbeat, as the real ones do, so that one that is gone is soon missed. */
const pollMs = 30_000
const answerLimitMs = 10_000

/** The same of a poll of one of several, as in machine/load-balancer/controller-link.ts. */
const graceMs = 5_000

/** How long it waits before it asks again when a controller did not answer. */
const againMs = 500

/** The longest http request in flight when an instance begins to drain. */
const longestRequestMs = 400

export interface BalancerParts {
  readonly name: string
  readonly clock: Clock
  readonly network: Network
  readonly random: Random
  readonly controllers: Controllers
  readonly timers: Timers
}

export function simulatedBalancer({
  name,
  clock: time,
  network,
  random,
  controllers,
  timers,
}: BalancerParts): SimulatedBalancer {
  const machine = machineClock(time)
  const isOnlyOne = name === balancerName
  const party = isOnlyOne ? parties.loadBalancer : `${parties.loadBalancerPrefix}${name}`
  const waitMs = isOnlyOne ? pollMs : timers.heartbeatInterval
  let clock = pausableClock(machine)
  let table: RotationTable = { version: 0, endpoints: [] }
  let heardAt: Instant = 0
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
      from: name,
      limitMs: waitMs + (isOnlyOne ? answerLimitMs : graceMs),
      waitMs,
      serve: (controller, answer) => controller.rotation(party, version, waitMs, answer),
      ended: (answer) =>
        clock.whenRunning(() => {
          if (!mine()) return
          if (answer?.news) serve(answer.news)
          if (answer) heardAt = time.now()
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
      from: name,
      limitMs: answerLimitMs,
      serve: (controller, answer) => controller.rotationReport(party, told, answer),
      ended: (heard) =>
        clock.whenRunning(() => {
          if (!heard?.taken && running && ofRun === run) after(againMs, report)
        }),
    })
  }

  return {
    name,
    heardAt: () => heardAt,
    table: () => table,
    runs: () => running,
    start() {
      run++
      running = true
      clock = pausableClock(machine)
      network.up(name)
      report()
      poll(run)
    },
    kill() {
      running = false
      network.down(name)
    },
    pause() {
      if (!running) return
      clock.pause()
      network.down(name)
    },
    resume() {
      if (!running || !clock.isPaused()) return
      network.up(name)
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
