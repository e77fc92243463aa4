/** Key in the store of the only record of its table: the store was brought back from a backup. */
export const restorationKey = 'restoration/fabric'

/** While it stands, hosts keep what they run and the store does not know. */
export interface RestorationRecord {
  /** When the backup was taken, ISO 8601. */
  readonly takenAt: string
  /** When it was brought back, ISO 8601. */
  readonly restoredAt: string
  /** Hosts on which an operator has had that ended. */
  readonly cleared: readonly string[]
}
