import type { Next, Sight } from '../fabric/controller/desk/next.ts'
import type { FabricState } from '../fabric/controller/state/state.ts'
import { storeSilenceMs } from '../kernel/election.ts'
import type { Instant } from '../kernel/instant.ts'
import { lookEveryMs } from '../kernel/lapse.ts'
import type { Reply } from './candidate/stand.ts'
import { type Answers, answersOf } from './controller/answers.ts'
import { type ControllerParts, controllerProcess } from './controller/process.ts'
import { machineClock } from './machine-clock.ts'

/** The fabric controller as a process: its loop and its desk. */
export interface SimulatedController {
  /** The committed state of the master; undefined while none runs. */
  state(): FabricState | undefined
  start(): void
  kill(): void
  /** Stops the process, and holds its messages, until it goes on or dies (SIGSTOP). */
  pause(): void
  resume(): void
  isPaused(): boolean
  /** The time by its machine's clock. */
  now(): Instant
  /** Sets that clock forward, or back. */
  setClock(ms: number): void
}

/** One of several controllers, of which one is master. */
export interface Candidate extends SimulatedController, Answers {
  readonly name: string
  runs(): boolean
  /** It gives the lease back and ends (SIGTERM). */
  resign(): void
  /** Has the call answered by the desk if this one is master, and else says why not: when the call comes, and when it is answered. */
  call<Answer>(
    serve: (controller: Answers, answer: (answer: Answer) => void) => void,
    reply: (reply: Reply<Answer>) => void,
  ): void
}

/** The controller of a fabric of one machine, or a candidate: that depends on how it is opened. */
export function simulatedController(parts: ControllerParts): Candidate {
  const { clock: time, network, name } = parts
  const clock = machineClock(time)
  const process = controllerProcess(parts, clock)

  /** Served while the process runs; the network breaks off calls to a dead one. */
  function ask<Answer>(begin: (sight: Sight) => Next<Answer>, answer: (answer: Answer) => void): void {
    process.run()?.desk.serve(begin, answer, (thrown) => {
      throw thrown
    })
  }
  const answers = answersOf({ ...parts, ask })

  function call<Answer>(
    serve: (controller: Answers, answer: (answer: Answer) => void) => void,
    reply: (reply: Reply<Answer>) => void,
  ): void {
    const standing = process.standing()
    if (!standing) return
    let isOver = false
    let giveUp: (() => void) | undefined
    const end = (said: Reply<Answer>) => {
      if (isOver) return
      isOver = true
      giveUp?.()
      const answer = standing.doubt() ?? said
      if (answer.kind === 'said') parts.witness({ kind: 'answered', by: name, epoch: process.epoch() })
      reply(answer)
    }
    const doubt = standing.doubt() ?? (process.run() && !standing.isSilent() ? undefined : { kind: 'busy' as const })
    if (doubt) return end(doubt)
    giveUp = process.own()?.schedule(clock.now() + storeSilenceMs, () => {
      if (standing.isSilent()) end({ kind: 'busy' })
    })
    serve(answers, (answer) => end({ kind: 'said', answer }))
  }

  return {
    ...answers,
    name,
    call,
    state: () => process.run()?.driver.state(),
    runs: () => process.own() !== undefined,
    start: process.start,
    kill: process.kill,
    resign() {
      const standing = process.standing()
      standing?.resign(() => {
        if (process.standing() === standing) process.end()
      })
    },
    pause() {
      process.own()?.pause()
      if (process.standing()) network.hold(name)
      else network.down(name)
    },
    resume() {
      if (!process.own()?.isPaused()) return
      if (!process.standing()) process.hear()
      process.own()?.resume()
      network.release(name)
    },
    isPaused: () => process.own()?.isPaused() ?? false,
    now: clock.now,
    setClock(ms) {
      clock.set(ms)
      time.schedule(time.now() + lookEveryMs, () => process.run()?.driver.touch([]))
    },
  }
}
