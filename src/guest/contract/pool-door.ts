/** Where the requests of an application pool go at the moment. */
export type PoolDoor = {
  /** Requests that wait at most; one more gets 503. */
  readonly queueLength: number
} & (
  | { readonly kind: 'open'; readonly process: number }
  /** No process serves: requests wait for one. */
  | { readonly kind: 'waiting' }
  /** Somebody, or rapid-fail protection, has stopped the pool: 503 (I-25). */
  | { readonly kind: 'off' }
)

/** By the pool's name as it is configured. */
export type PoolDoors = ReadonlyMap<string, PoolDoor>
