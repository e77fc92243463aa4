/** Where everything of Reddog stands in etcd (docs/decisions/several-machines.md). */
export const keys = {
  /** Below it the records, each under its own key. */
  records: '/reddog/record/',
  /** Of the master that opened the store last: the fencing token. */
  epoch: '/reddog/epoch',
  /** Epoch and number of the last batch: by it a master finds out whether a batch without an answer is stored. */
  batch: '/reddog/batch',
  /** Version of all of that. */
  schema: '/reddog/schema',
  /** `{"machine","url"}` of who has the lease. */
  master: '/reddog/master',
} as const
