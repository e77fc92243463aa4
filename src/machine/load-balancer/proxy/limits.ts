import { timerDefaults } from '../../../kernel/timers.ts'

/** Every limit of the proxy. Tests pass smaller ones; durations of table C-1 come with the endpoints. */
export const proxyLimits = {
  /** Client connections of one process at one time, each with one more to its member. Origin: choice, well below the descriptors that systemd grants (524,288). */
  connections: 100_000,
  /** Bytes of a request's or answer's head. Origin: issue 2, point 9; HAProxy takes 16 KiB, nginx 32 KiB, Node 16 KiB. */
  headBytes: 64 * 1024,
  /**
   * A request's head, or a ClientHello that names its service, must have come whole by then, in milliseconds from its first bytes; more of them do
   * not prolong it. Origin: headerWaitTimeout of IIS, as for the listener of sites (machine/http-sys/limits.ts).
   */
  headerWaitMs: 120_000,
  /** Client flows of one udp endpoint; each takes a socket. The oldest one without an answer gives way to a new one. Origin: choice. */
  udpFlows: 4_096,
  /** Datagrams that wait while the socket of their flow is made. Origin: choice. */
  udpWaiting: 16,
  /** Most idle connections that are held to one member for http. Origin: choice. */
  idleMemberConnections: 256,
  /**
   * How long such a connection is held, in milliseconds. Origin: Node and Apache close theirs after 5 s; using one at that moment would lose the
   * request.
   */
  memberIdleMs: 4_000,
  /**
   * Taken off the time that a member grants with `Keep-Alive: timeout=`, in milliseconds, so that the request arrives in time. Origin: choice, the
   * unit of the field.
   */
  keepAliveMarginMs: 1_000,
  /** A member must have taken a connection by then, in milliseconds; then another is tried. Origin: choice; room for one lost SYN. */
  connectMs: 3_000,
  /**
   * How long connections that stay are served once all new ones go elsewhere, in milliseconds: who asks in this time is told by the answer to come
   * anew. Origin: choice; Node and Apache close a silent connection after as long.
   */
  lastRequestsMs: 5_000,
  /** How long a member whose machine was silent comes last, in milliseconds. Origin: choice, some tries until the fabric has taken the host for lost. */
  silentMs: 15_000,
  /** Ports that are tried upwards when one cannot be had. Origin: choice. */
  portTries: 100,
  /** Bytes read at once from a member. Origin: choice, half of what Node reads at once; a connection costs only what it touches. */
  readBytes: 32 * 1024,
  /**
   * After the last answer a client may still be sending; its bytes are read for this time, in milliseconds, because a reset would lose the answer
   * (RFC 9112, 9.6). Origin: choice.
   */
  lingerMs: 1_000,
  /** How long a client may be silent before it has named its service, in milliseconds; then its endpoint's own time holds. Origin: table C-1. */
  unroutedIdleMs: timerDefaults.lbIdleTimeout,
  /** How long connections without an end stand while their instance drains, in milliseconds. Origin: table C-1. */
  streamGraceMs: timerDefaults.streamGrace,
}

export type ProxyLimits = typeof proxyLimits
