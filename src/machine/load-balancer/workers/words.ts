import type { StopUntil } from '../../../fabric/contract/data-plane.ts'
import type { PublicEndpoint } from '../../../fabric/contract/rotation.ts'
import type { Log } from '../../../kernel/log.ts'
import type { ProxyLimits } from '../proxy/limits.ts'

/** What a worker receives at its start: its only argument, as JSON. */
export interface WorkerOptions {
  readonly localhost: string
  readonly limits: Partial<ProxyLimits>
}

/** The balancer's messages to a worker, which carries them out one after the other. `port` comes with its socket. */
export type WorkerOrder =
  | { readonly kind: 'port'; readonly key: string; readonly port: number }
  /** Answered with `done` once the table is in force. */
  | { readonly kind: 'serve'; readonly endpoints: readonly PublicEndpoint[] }
  /** Answered with `done` once nothing more is accepted. */
  | { readonly kind: 'close' }
  /** Answered with the end of the process. */
  | { readonly kind: 'stop'; readonly limitMs: number; readonly until: StopUntil }

/** A worker's messages to the balancer. */
export type WorkerWord =
  | { readonly kind: 'ready' }
  /** `busy`: instances on which an http request is in flight in this worker. */
  | { readonly kind: 'done'; readonly busy: readonly string[] }
  /** The last http request in flight in this worker at a draining instance has ended. */
  | { readonly kind: 'idle'; readonly instance: string }
  | { readonly kind: 'log'; readonly level: keyof Log; readonly message: string }
