/** One line of the append-only audit log: who requested what, and the result (design.md 8). No bodies, no queries: they may hold secrets. */
export interface AuditEntry {
  /** UTC */
  readonly time: string
  readonly requestId: string
  /** Of the certificate that was shown, accepted or not; '' for none. */
  readonly thumbprint: string
  readonly clientAddress: string
  /** The operation's name, or the verb when the path is none. */
  readonly operation: string
  readonly path: string
  /** HTTP status, and the error code of a refusal. */
  readonly outcome: string
}
