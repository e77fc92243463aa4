/** One record to store (`value`, plain data) or to drop (`value` undefined). */
export interface Write {
  readonly key: string
  readonly value: unknown
}

/** Most records and bytes of one batch (design.md 3). */
export const batchLimits = { records: 100, bytes: 1024 * 1024 } as const

/** Result of a batch. */
export type StoreAnswer = { readonly outcome: 'stored' } | Unstored

/**
 * A batch is not stored, as far as is known.
 *
 * `refused`: nothing of it is or will be stored, and it may be tried again: no space is left, or too few replicas took it. `superseded`: nothing of
 * it is or will be stored, because a newer master has the store. `unknown`: it may be stored, or may still be stored later, until the store is
 * opened again. To find out, open it again: after that no batch of an earlier master arrives.
 */
export interface Unstored {
  readonly outcome: 'refused' | 'superseded' | 'unknown'
  /** In one sentence, for a person. */
  readonly reason: string
}

/**
 * The store port. It may be a file or distant replicas. A batch is answered at once or later, once, and without a throw. A store that hears nothing
 * answers `unknown` after its own limit, or goes on until it knows, for as long as that takes. One batch is under way at a time: the next comes when
 * the last is answered.
 *
 * A batch is all or nothing, and durable when its answer is `stored`. It is taken only from the newest master, the one that opened the store last:
 * the same transaction compares the epoch (the fencing token).
 */
export interface Store {
  /** Every record, in key order, as of the opening. Asked once, before any commit: a distant store has read them when it is open. */
  load(): Iterable<readonly [key: string, value: unknown]>
  commit(batch: readonly Write[], answered: (answer: StoreAnswer) => void): void
  /** No commit begins after this; one that is under way is not answered. */
  close(): void
}

/** The store of one master. */
export interface MasterStore extends Store {
  /** Grows with every master that opens the store: its fencing token. */
  epoch(): number
  /** Goes on under a higher epoch from `stored` on; answered as a batch is. */
  raise(epoch: number, answered: (answer: StoreAnswer) => void): void
}

/** Where a store keeps the number of its records' form. A store of a later one than this program knows is not opened, and not touched. */
export interface SchemaMark {
  schema(): number
  /** Answered as a batch is. */
  setSchema(schema: number, answered: (answer: StoreAnswer) => void): void
}
