import type { AccessRule, Probe, PublicEndpoint, RotationMember } from './rotation.ts'

/** What moves the bytes: `proxy`, and later `haproxy` and `nftables`, do the same behind this port. */
export interface DataPlane {
  /**
   * Puts these endpoints in force instead of the ones before, and resolves when every port answers or has failed.
   * New connections and messages follow them from the call on; connections that stand are not cut (L-7), but those of
   * clients that the access rules of their port do not permit any more (L-18).
   */
  serve(endpoints: readonly PublicEndpoint[]): Promise<Served>
  /** Takes nothing new in. Resolves when that is so; what came in before goes on. */
  close(): Promise<void>
  /**
   * Closes. Resolves after `limitMs`, or when every http answer in flight has left, or, `until` all is
   * `closed`, when no connection is left; what is left then is cut.
   */
  stop(limitMs: number, until: 'answered' | 'closed'): Promise<void>
}

/** What came of `serve`. */
export interface Served {
  /** Ports that answer instead of the ones asked for, by endpoint ID. */
  readonly boundPorts: Readonly<Record<string, number>>
  /** Endpoints that no port could be had for, with a sentence. */
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

/** Picks the member that serves a flow; undefined when there is none to pick from. */
export type ChooseMember = (
  members: readonly RotationMember[],
  distribution: PublicEndpoint['distribution'],
  flow: Flow,
) => RotationMember | undefined

/** Whether the client of that address may come in. */
export type Guard = (clientAddress: string) => boolean

/** Reads the access rules of an endpoint once, for all clients that come (L-18). */
export type MakeGuard = (rules: readonly AccessRule[]) => Guard

/** What one probe saw (L-4). `silent`: nothing answered it; `bad`: what answered says that the member must not be used. */
export type ProbeOutcome = { readonly verdict: 'good' } | { readonly verdict: 'bad' | 'silent'; readonly saw: string }

/** Looks at a member once. Never rejects; silence is told after `limitMs`. */
export type Look = (probe: Probe, limitMs: number) => Promise<ProbeOutcome>
