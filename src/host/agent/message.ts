import type { Health } from '../../guest/contract/health.ts'
import type { HostGoal } from '../contract/goal.ts'
import type { GuestProcess, Overfull } from './state.ts'

export { containerSubject, type HostSubject, packageSubject } from './subject.ts'

export type HostMessage =
  /** From the controller; `registration`: of which registration of this run it was asked. */
  | { readonly kind: 'goal'; readonly goal: HostGoal; readonly registration?: number | undefined }
  /** The controller has nothing newer than the goal of this host, as was asked after that registration. */
  | { readonly kind: 'goalStands'; readonly registration: number }
  /** From the machine: for so long, in milliseconds, no master has answered, counted from the sending of the last request that one answered (H-38). */
  | {
      readonly kind: 'unanswered'
      readonly ms: number
      /** A master answers, and knows this machine no more. */
      readonly isRefused?: boolean | undefined
    }
  /** From a guest: its health report. */
  | {
      readonly kind: 'health'
      readonly health: Health
      /** True: by an agent of another make. */
      readonly foreign?: boolean | undefined
    }
  /** From a guest: a sign of life that is no report (wire-server.md 10.1). */
  | {
      readonly kind: 'heartbeat'
      readonly containerId: string
      /** Incarnation of documents that an agent of another make has requested before and has not reported on since. */
      readonly taken?: number | undefined
    }
  /** From the machine: the first process of a guest has ended. */
  | { readonly kind: 'guestEnded'; readonly containerId: string; readonly process: GuestProcess }
  /** From the machine: its disk is nearly full, and this guest exceeds its own share the most. */
  | ({ readonly kind: 'overfull'; readonly containerId: string } & Overfull)
  /** From the machine: nothing can be stored, and why; undefined: it can again (F-28). */
  | { readonly kind: 'unstored'; readonly reason: string | undefined }
  /** From the machine: the roads to other machines may not be as they were laid, or can be laid better. */
  | { readonly kind: 'roadsMoved' }
  /** From the operator: stop every guest; `cut` without grace. */
  | { readonly kind: 'power'; readonly power: 'off' | 'cut' }
