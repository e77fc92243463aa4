/** What one gate holds and waits for. Origin: choices; the client library of the Blob service opens some ten connections for an upload. */
export const gateLimits = {
  /** Connections at a time, at each of its two doors; more are closed at once. */
  connections: 512,
  /** A connection on which nothing moves is closed; client libraries open the next one by themselves. */
  idleMs: 300_000,
  /** To reach the other end, its certificate included. */
  connectMs: 5_000,
} as const
