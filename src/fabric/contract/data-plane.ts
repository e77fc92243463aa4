import type { AccessRule, Probe, PublicEndpoint, RotationMember } from './rotation.ts'

/** What moves the bytes: `proxy`, and later `haproxy` and `nftables`, do the same behind this port. */
export interface DataPlane {
  /**
   * Replaces the endpoints in force with these. Resolves when every port answers or has failed. New connections and messages follow them from the
   * call on. Open connections stay (L-7), except those of clients that the access rules of their port no longer permit (L-18).
   */
  serve(endpoints: readonly PublicEndpoint[]): Promise<Served>
  /** Accepts nothing new. Resolves when that is in force; earlier connections and messages go on. */
  close(): Promise<void>
  /** Closes. Resolves after `limitMs`, or when that is so. The rest is cut. */
  stop(limitMs: number, until: StopUntil): Promise<void>
}

/**
 * `answered`: every http answer in flight has left. `told`: and every http client that has asked within some seconds has been told by its answer to come
 * anew. `closed`: no connection is left.
 */
export type StopUntil = 'answered' | 'told' | 'closed'

/** Result of `serve`. */
export interface Served {
  /** Ports that answer instead of the requested ones, by endpoint ID. */
  readonly boundPorts: Readonly<Record<string, number>>
  /** Endpoints that got no port, with a sentence. */
  readonly failed: Readonly<Record<string, string>>
  /** Instances on which an http request is in flight now. */
  readonly busy: readonly string[]
}

/** A connection, or an association of datagrams, as the distribution sees it (L-8). */
export interface Flow {
  readonly protocol: 'tcp' | 'udp'
  readonly clientAddress: string
  readonly clientPort: number
  readonly address: string
  readonly port: number
}

/** Picks the member that serves a flow; undefined when there is no member. */
export type ChooseMember = (
  members: readonly RotationMember[],
  distribution: PublicEndpoint['distribution'],
  flow: Flow,
) => RotationMember | undefined

/** Whether a client with that address may connect. */
export type Guard = (clientAddress: string) => boolean

/** Reads the access rules of an endpoint once, for all its clients (L-18). */
export type MakeGuard = (rules: readonly AccessRule[]) => Guard

/** What one probe saw (L-4). `silent`: no answer; `bad`: the answer says that the member must not be used. */
export type ProbeOutcome = { readonly verdict: 'good' } | { readonly verdict: 'bad' | 'silent'; readonly saw: string }

/** Probes a member once. Never rejects; reports silence after `limitMs`. */
export type Look = (probe: Probe, limitMs: number) => Promise<ProbeOutcome>
