/** One record to keep (`value`, plain data) or to drop (`value` undefined). */
export interface Write {
  readonly key: string
  readonly value: unknown
}

/** Most records and bytes of one batch (design.md 3). */
export const batchLimits = { records: 100, bytes: 1024 * 1024 } as const

/**
 * The store port. A batch is all or nothing, and durable when `commit` returns.
 * A store opened by a newer master refuses the batches of the older one (the fencing token): `commit` then throws.
 */
export interface Store {
  /** Every record, in key order. */
  load(): Iterable<readonly [key: string, value: unknown]>
  commit(batch: readonly Write[]): void
  close(): void
}

/** The store of one master. */
export interface MasterStore extends Store {
  /** Grows with every master that opens the store: its fencing token. */
  epoch(): number
  /** Goes on under a higher epoch, durable when it returns. Throws when a newer master has taken over. */
  raise(epoch: number): void
}
