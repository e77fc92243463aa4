import type { WebConfig } from '../web-config/web-config.ts'

/** `applicationHost.config`: what the web server of an instance serves. IISConfigurator writes it, startup tasks and OnStart may change it (I-53). */
export interface ApplicationHost {
  readonly pools: readonly ApplicationPool[]
  readonly sites: readonly WebSite[]
  /** Its own `system.webServer`, `location`s included: above every `web.config` of every site. */
  readonly config: WebConfig
}

/** Limits and actions for the processes of a pool (I-23 to I-26). Durations in milliseconds, 0: never. */
export interface ApplicationPool {
  readonly name: string
  /** `AlwaysRunning`: its process does not wait for the first request. */
  readonly startMode: 'OnDemand' | 'AlwaysRunning'
  /** False: requests get 503 until it is started. */
  readonly autoStart: boolean
  /** Requests that wait for a process at most; one more gets 503. */
  readonly queueLength: number
  readonly idleTimeoutMs: number
  readonly periodicRestartMs: number
  readonly startupTimeLimitMs: number
  readonly shutdownTimeLimitMs: number
  readonly rapidFail: { readonly isOn: boolean; readonly failures: number; readonly intervalMs: number }
}

export interface WebSite {
  /** `<InstanceID>_<Site name>` (I-9). */
  readonly name: string
  /** 1 for the first: its web log is that of W3SVC1 (G-9). */
  readonly id: number
  readonly bindings: readonly SiteBinding[]
  /** Real directory in which the site's own, `W3SVC<id>`, lies. */
  readonly logDirectory: string
  /** Traces of its failed requests (I-63); undefined where nothing is traced. */
  readonly traces?: TraceFiles | undefined
  readonly applications: readonly WebApplication[]
}

/** Where traces of failed requests are stored. */
export interface TraceFiles {
  /** Real directory in which the site's own, `W3SVC<id>`, lies. */
  readonly directory: string
  /** Of each site; beyond them the oldest is removed. */
  readonly mostFiles: number
}

/** Address, port and host name that lead to a site (I-10, I-12). */
export interface SiteBinding {
  readonly protocol: 'http' | 'https'
  readonly address: string
  readonly port: number
  /** In lower case, without port; '' fits every name. */
  readonly hostHeader: string
  /** https: thumbprint in capitals, of a certificate in the guest's store (wire-server.md 8). */
  readonly certificate?: string | undefined
}

/** An application of a site; the root application's path is `/`. */
export interface WebApplication {
  /** From the site's root, with a slash at its beginning and none at its end: `/`, `/shop/admin`. */
  readonly path: string
  readonly pool: string
  /** The root directory's path is `/`; others are below the application. Physical paths are real ones. */
  readonly directories: readonly { readonly path: string; readonly physicalPath: string }[]
}

/** The defaults of IIS (I-24 to I-26). */
export const poolDefaults: Omit<ApplicationPool, 'name'> = {
  startMode: 'OnDemand',
  autoStart: true,
  queueLength: 1_000,
  idleTimeoutMs: 20 * 60_000,
  periodicRestartMs: 1_740 * 60_000,
  startupTimeLimitMs: 90_000,
  shutdownTimeLimitMs: 90_000,
  rapidFail: { isOn: true, failures: 5, intervalMs: 5 * 60_000 },
}
