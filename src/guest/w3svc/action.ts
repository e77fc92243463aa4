import type { Action, Decision } from '../../kernel/agent.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { ApplicationPool } from '../../service-model/application-host/application-host.ts'
import type { PoolEvent, PoolState } from './state.ts'

/** Actions of the listener for a pool. */
export type W3svcAction = Action & { readonly pool: string } & (
    | { readonly kind: 'start'; readonly settings: ApplicationPool; readonly fingerprint: string }
    /** Asks a process to stop once it has no request in flight. */
    | { readonly kind: 'retire'; readonly process: number }
    | { readonly kind: 'kill'; readonly process: number }
    /** Asks since when a process has nothing to do. */
    | { readonly kind: 'look'; readonly process: number }
    | { readonly kind: 'tell'; readonly events: readonly PoolEvent[] }
  )

/** One thing that may be due for a pool; every question is asked each time. */
export type PoolQuestion = (pool: PoolState, now: Instant) => Decision<W3svcAction>
