/** What the load balancer serves: a versioned table, long-polled with `GET /rotation?after=<version>` and acknowledged (L-1). */
export interface RotationTable {
  /** Grows with every change, over restarts of the controller too. */
  readonly version: number
  readonly endpoints: readonly PublicEndpoint[]
  /** Endpoints that the balancer left out when it read the table, with what was wrong, by endpoint ID. */
  readonly unreadable?: Readonly<Record<string, string>> | undefined
}

/** One public port of one deployment. */
export interface PublicEndpoint {
  /** `<deployment ID>/<role>/<endpoint>`, with `/<instance ID>` for an instance input endpoint (L-13). */
  readonly id: string
  readonly vip: string
  readonly port: number
  readonly protocol: 'http' | 'https' | 'tcp' | 'udp'
  /** Names that lead to this deployment when the balancer also listens on 127.0.0.1 (design.md 5). */
  readonly hostNames: readonly string[]
  readonly distribution: 'sourceIP' | 'sourceIPProtocol' | 'none'
  readonly idleTimeoutMs: number
  /** Who may connect, first match first (L-18). Undefined: everybody. */
  readonly acl?: readonly AccessRule[] | undefined
  readonly members: readonly RotationMember[]
}

export interface AccessRule {
  readonly action: 'permit' | 'deny'
  /** `10.0.0.0/8`, `2001:db8::/32` */
  readonly remoteSubnet: string
}

export interface RotationMember {
  /** `<deployment ID>.<instance ID>` */
  readonly instance: string
  readonly address: string
  readonly port: number
  /** Uid under which all of the guest runs; undefined: the balancer's own. A port bound by another account gets no connection (L-21). */
  readonly account?: number | undefined
  /** `in` takes new work; `draining` finishes what it has (L-7); `out` gets nothing new, and nobody waits for it. */
  readonly state: 'in' | 'draining' | 'out'
  /** A site's listener has this port. It is sent the client's address, because the connection itself comes from the balancer (L-24). */
  readonly isToldClient?: boolean | undefined
  /** Undefined: never probed (L-13). A probe can only take a member out (L-5). */
  readonly probe?: Probe | undefined
}

export interface Probe {
  readonly protocol: 'http' | 'tcp'
  readonly address: string
  readonly port: number
  readonly path?: string | undefined
  readonly intervalMs: number
  readonly timeoutMs: number
}

/** `POST /rotation/report`: what the balancer serves now. */
export interface RotationReport {
  /** Identifies one process run of the balancer. */
  readonly balancer: string
  /** Version that is in force for every new connection and message. */
  readonly acknowledged: number
  /** Draining instances on which no http request is in flight any more. */
  readonly drained: readonly string[]
  /** Ports that really answer, by endpoint ID, where they differ from the requested ones. */
  readonly boundPorts: Readonly<Record<string, number>>
  /** Instances that are out because of a probe, with what it saw. */
  readonly probedOut: Readonly<Record<string, string>>
  /** Endpoints that cannot be served at all, with one clear sentence. */
  readonly failed: Readonly<Record<string, string>>
  /** VIPs at which a computer answers that is no machine of the fabric, with what was seen of it, by address. */
  readonly takenVips?: Readonly<Record<string, string>> | undefined
}
