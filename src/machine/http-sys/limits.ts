/** What the listener accepts from a client. Sizes in bytes, durations in milliseconds. */
export interface HttpSysLimits {
  /** Request line and header fields together; a single field, and the URL, can be no longer. */
  readonly headBytes: number
  /** Until all header fields have arrived. */
  readonly headerWaitMs: number
  /** A connection on which nothing moves, except while the application works. */
  readonly connectionMs: number
  /** How often header fields that do not come are looked for. */
  readonly lookMs: number
}

export const httpSysLimits: HttpSysLimits = {
  // Origin: MaxRequestBytes and MaxFieldLength of HTTP.sys.
  headBytes: 16_384,
  // Origin: headerWaitTimeout and connectionTimeout of IIS.
  headerWaitMs: 120_000,
  connectionMs: 120_000,
  // Origin: choice.
  lookMs: 5_000,
}

/** Head of an answer of w3wp. Origin: choice, four times what a client may send. */
export const answerHeadBytes = 65_536

/** Until a request is sent again whose wire has ended: its process is gone by then, or serves again. Origin: choice. */
export const wireAgainMs = 100

/** Of a URL's path. Origin: UrlSegmentMaxLength and UrlSegmentMaxCount of HTTP.sys. */
export const segmentLimits = { length: 260, count: 255 } as const

/** Requests that a client may send ahead on one connection before it is not read from any more. Origin: choice. */
export const sentAhead = 16

/** Connections of one address and port; each request of one needs a second descriptor. Origin: choice. */
export const mostConnections = 10_000

/** Longest first line of a balancer that speaks the PROXY protocol. Origin: its version 1, 2.1. */
export const proxyLineBytes = 107

/** Requests side by side on a connection of HTTP/2, and header fields of one. Origin: HTTP.sys, choice. */
export const http2Limits = { streams: 100, fields: 1_000 } as const

/**
 * How long the rest of a request's body is still read and dropped after the answer: closing over unread bytes resets the connection, and a client
 * that still writes never sees why. In all, and without a byte. Origin: lingering_time and lingering_timeout of nginx.
 */
export const lingering = { mostMs: 30_000, silenceMs: 5_000 } as const
