import type { Next, Sight } from '../fabric/controller/desk/next.ts'
import type { FabricState } from '../fabric/controller/state/state.ts'
import type { Instant } from '../kernel/instant.ts'
import { lookEveryMs } from '../kernel/lapse.ts'
import { type Answers, answersOf } from './controller/answers.ts'
import { type ControllerParts, controllerName, controllerProcess } from './controller/process.ts'
import { machineClock } from './machine-clock.ts'

/** The fabric controller as a process: its loop and its desk. */
export interface SimulatedController extends Answers {
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

export function simulatedController(parts: ControllerParts): SimulatedController {
  const { clock: time, network } = parts
  const clock = machineClock(time)
  const process = controllerProcess(parts, clock)

  /** Served while the process runs; the network breaks off calls to a dead one. */
  function ask<Answer>(begin: (sight: Sight) => Next<Answer>, answer: (answer: Answer) => void): void {
    process.run()?.desk.serve(begin, answer, (thrown) => {
      throw thrown
    })
  }

  return {
    ...answersOf({ ...parts, ask }),
    state: () => process.run()?.driver.state(),
    start: process.start,
    kill: process.kill,
    pause() {
      process.run()?.own.pause()
      network.down(controllerName)
    },
    resume() {
      const run = process.run()
      if (!run?.own.isPaused()) return
      process.hear()
      run.own.resume()
    },
    isPaused: () => process.run()?.own.isPaused() ?? false,
    now: clock.now,
    setClock(ms) {
      clock.set(ms)
      time.schedule(time.now() + lookEveryMs, () => process.run()?.driver.touch([]))
    },
  }
}
