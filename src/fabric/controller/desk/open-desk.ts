import type { Fault } from '../../../kernel/fault.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Message } from '../message.ts'
import type { FabricState } from '../state/state.ts'
import { emptyDesk, noted } from './desk.ts'
import type { HoldEnd, Next, Sight } from './next.ts'

/** What the desk needs from its loop and clock. */
export interface DeskParts {
  /** The committed state. */
  state(): FabricState
  /** `ended` is called when the message is committed, or, with the fault, when it has changed nothing. */
  deliver(message: Message, ended: (fault: Fault | undefined) => void): void
  now(): Instant
  /** Calls `wake` once, not before `at`; the answer cancels. */
  schedule(at: Instant, wake: () => void): () => void
}

/** Takes calls of other parties and answers them. */
export interface OpenDesk {
  /**
   * Carries out `begin` and the steps after it; one of `answered` and `failed` is called once, unless the desk is closed before. Call the returned
   * function when the caller has gone.
   */
  serve<Answer>(
    begin: (sight: Sight) => Next<Answer>,
    answered: (answer: Answer) => void,
    failed: (thrown: unknown) => void,
  ): () => void
  /** To be called after each commit. */
  changed(): void
  /** No call is answered any more: the process ends. */
  close(): void
}

/** Carries out the pure decisions of this folder, for all calls side by side. */
export function openDesk({ state, deliver, now, schedule }: DeskParts): OpenDesk {
  let desk = emptyDesk
  let isOpen = true
  /** Each checks whether the condition of a held call holds. */
  const held = new Set<() => void>()
  const sight = () => ({ state: state(), desk })
  const later = (afterMs: number, run: () => void) => schedule(now() + afterMs, run)

  function serve<Answer>(
    begin: (sight: Sight) => Next<Answer>,
    answered: (answer: Answer) => void,
    failed: (thrown: unknown) => void,
  ): () => void {
    let hasGone = false
    let leave = ignore
    /** Removes the call from the held ones. */
    let release = ignore

    /** A throw costs only this call its answer. */
    function attempt(think: () => void): void {
      try {
        if (isOpen) think()
      } catch (thrown) {
        release()
        failed(thrown)
      }
    }

    function take(next: Next<Answer>): void {
      for (const note of next.notes ?? []) desk = noted(desk, note)
      for (const message of next.messages ?? []) deliver(message, ignore)
      if (next.kind === 'say') say(next)
      else if (next.kind === 'hold') hold(next)
      else deliver(next.message, (fault) => attempt(() => take(next.goOn(sight(), fault))))
    }

    function say({ answer, later: look }: Next<Answer> & { readonly kind: 'say' }): void {
      if (look)
        later(look.afterMs, () => {
          for (const message of look.messages(sight())) deliver(message, ignore)
        })
      answered(answer)
    }

    function hold({ until, limitMs, goOn }: Next<Answer> & { readonly kind: 'hold' }): void {
      const end = (how: HoldEnd) => {
        release()
        attempt(() => take(goOn(sight(), how)))
      }
      const look = () => attempt(() => until(state()) && end('so'))
      if (hasGone) return end('gone')
      held.add(look)
      leave = () => end('gone')
      const cancel = later(limitMs, () => end('late'))
      release = () => {
        leave = release = ignore
        held.delete(look)
        cancel()
      }
      look()
    }

    attempt(() => take(begin(sight())))
    return () => {
      hasGone = true
      leave()
    }
  }

  return {
    serve,
    changed() {
      for (const look of held) look()
    },
    close() {
      isOpen = false
    },
  }
}

function ignore(): void {}
