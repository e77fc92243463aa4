import type { Timers } from '../../kernel/timers.ts'

/** What the LoadBalancer process is told at its start: the JSON file whose path is its only argument. */
export interface LoadBalancerOptions {
  /** `https://127.0.0.1:<port>` of the controller. */
  readonly controllerUrl: string
  /** Paths of PEM files; the certificate bears the common name `load-balancer`. */
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string }
  /** Where the copy of the rotation table is kept that is served after a restart; made when it is missing. */
  readonly dataDirectory: string
  readonly timers: Timers
  /** Written once a table is in force. */
  readonly readyFile: string
  readonly logFile: string
  /** Whether it lives in another network than its clients, so that its ports are bound by who holds them. */
  readonly elsewhere?: boolean | undefined
  /** Address on which http and https endpoints also answer under their host names (design.md 5). */
  readonly localhost: string
  /** Processes that accept connections beside the balancer itself (L-22), and what Node runs for each. */
  readonly workers: { readonly program: string; readonly count: number }
}
