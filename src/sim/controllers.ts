import { answered, type ControllerChoice, failed, firstChoice, retryAfterMs } from '../kernel/controller-choice.ts'
import type { Reply } from './candidate/stand.ts'
import type { VirtualClock } from './clock.ts'
import type { Answers } from './controller/answers.ts'
import { controllerName } from './controller/process.ts'
import type { Candidate } from './controller.ts'
import type { Network } from './network.ts'

/** A question to the fabric controller, whichever machine it is on. */
export interface ControllerQuestion<Answer> {
  readonly from: string
  /** The caller gives up after it. */
  readonly limitMs: number
  /** For how long the controller may hold the answer; absent: not at all. */
  readonly waitMs?: number | undefined
  serve(controller: Answers, answer: (answer: Answer) => void): void
  ended(answer: Answer | undefined): void
}

export interface Controllers {
  ask<Answer>(question: ControllerQuestion<Answer>): void
}

/** The controller of a fabric of one machine. */
export function oneController(network: Network, controller: Answers): Controllers {
  return {
    ask: ({ from, limitMs, serve, ended }) =>
      network.ask({ from, to: controllerName, limitMs, serve: (answer) => serve(controller, answer), ended }),
  }
}

/** A controller that is silent for so long, besides the time for which it may hold an answer, is not asked any longer, in milliseconds. */
const tryMs = 4_000

interface Try {
  readonly to: string
  leave(): void
}

/**
 * Asks one candidate after the other until the master answers, as every party does that has a list of controllers: all questions of a party are asked
 * where one was answered last.
 */
export function manyControllers({
  clock,
  network,
  candidates,
}: {
  readonly clock: VirtualClock
  readonly network: Network
  readonly candidates: ReadonlyMap<string, Candidate>
}): Controllers {
  const choices = new Map<string, ControllerChoice>()
  const tries = new Map<string, Set<Try>>()
  const choiceOf = (from: string) => choices.get(from) ?? firstChoice([...candidates.keys()])

  /** What still waits for another controller is asked again where the others are. */
  function learn(from: string, choice: ControllerChoice): void {
    const isSame = choiceOf(from).current === choice.current
    choices.set(from, choice)
    if (isSame) return
    for (const one of tries.get(from) ?? []) if (one.to !== choice.current) one.leave()
  }

  function ask<Answer>({ from, limitMs, waitMs = 0, serve, ended }: ControllerQuestion<Answer>): void {
    const until = clock.now() + limitMs
    const open = tries.get(from) ?? new Set()
    tries.set(from, open)
    const again = (ms: number) => {
      if (clock.now() + ms >= until || !network.runs(from)) ended(undefined)
      else clock.schedule(clock.now() + ms, attempt)
    }
    function attempt(): void {
      const to = choiceOf(from).current
      const mine: Try = {
        to,
        leave() {
          if (open.delete(mine)) again(0)
        },
      }
      open.add(mine)
      network.ask<Reply<Answer>>({
        from,
        to,
        limitMs: Math.min(until - clock.now(), waitMs + tryMs),
        serve: (reply) => candidates.get(to)?.call(serve, reply),
        ended(reply) {
          if (!open.delete(mine)) return
          if (reply?.kind === 'said') {
            learn(from, answered(choiceOf(from), to))
            return ended(reply.answer)
          }
          learn(from, failed(choiceOf(from), to, reply?.kind === 'notMaster' ? reply.master : undefined))
          again(retryAfterMs)
        },
      })
    }
    attempt()
  }

  return { ask }
}
