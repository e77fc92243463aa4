import type { Timers } from '../../kernel/timers.ts'

/** The options of the LoadBalancer process: the JSON file whose path is its only argument. */
export interface LoadBalancerOptions {
  /** `https://127.0.0.1:<port>` of the controller. */
  readonly controllerUrl: string
  /** In a fabric of several machines: path of a JSON file with the URLs of all controllers, read again when it changes. */
  readonly controllersFile?: string | undefined
  /** Paths of PEM files; the certificate bears the common name `load-balancer`. */
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string }
  /** Where the copy of the rotation table is stored, for service after a restart; made when it is missing. */
  readonly dataDirectory: string
  readonly timers: Timers
  /** Written once a table is in force. */
  readonly readyFile: string
  readonly logFile: string
  /** Whether it is in another network than its clients, so that the port holder binds its ports. */
  readonly elsewhere?: boolean | undefined
  /** Where several machines share VIPs (machine/vips/): the range, the file by which this balancer's machine may hold them, and that of those that others have. */
  readonly vips?: { readonly range: string; readonly pulseFile: string; readonly takenFile: string } | undefined
  /** Address on which http and https endpoints also answer under their host names (design.md 5). */
  readonly localhost: string
  /** Processes that accept connections beside the balancer itself (L-22), and what Node runs for each. */
  readonly workers: { readonly program: string; readonly count: number }
}
