/** One record to keep (`value`, plain data) or to drop (`value` undefined). */
export interface Write {
  readonly key: string
  readonly value: unknown
}

/** Most records and bytes of one batch (design.md 3). */
export const batchLimits = { records: 100, bytes: 1024 * 1024 } as const

/** What came of a batch. */
export type StoreAnswer = { readonly outcome: 'stored' } | Unstored

/**
 * That something is not stored, as far as is known.
 *
 * `refused`: nothing of it is, nor ever will be, and the same may be tried again: no space is left, too few replicas took it.
 * `superseded`: nothing of it is, nor ever will be, because a newer master has the store.
 * `unknown`: it may be, or may still come to be for as long as nobody has opened the store again. Who wants to know opens it again: no
 * batch of an earlier master arrives after that.
 */
export interface Unstored {
  readonly outcome: 'refused' | 'superseded' | 'unknown'
  /** In one sentence, for a person. */
  readonly reason: string
}

/**
 * The store port. It may be a file or replicas far away: a batch is answered at once or later, but always, once, and without a throw; a
 * store that hears nothing says `unknown` after a limit of its own. One batch is under way at a time: the next comes when the last is answered.
 *
 * A batch is all or nothing, and durable when its answer is `stored`. It is taken from the newest master alone, as whoever opened the
 * store last, by a comparison of the epoch (the fencing token) in the same transaction.
 */
export interface Store {
  /** Every record, in key order, as of the opening. Asked once, before anything is committed: a store that is far away has read them when it is open. */
  load(): Iterable<readonly [key: string, value: unknown]>
  commit(batch: readonly Write[], answered: (answer: StoreAnswer) => void): void
  /** No commit begins after this, and one that is under way is not answered. */
  close(): void
}

/** The store of one master. */
export interface MasterStore extends Store {
  /** Grows with every master that opens the store: its fencing token. */
  epoch(): number
  /** Goes on under a higher epoch from `stored` on; answered as a batch is. */
  raise(epoch: number, answered: (answer: StoreAnswer) => void): void
}
