/** The answer of another machine to the question when it last heard a master. */
export interface WitnessSaid {
  readonly machine: string
  /** Silent: nothing came back. Unknown: the master has told it of no machine of our name. Other: it lives, and refuses, or cannot answer that. */
  readonly kind: 'heard' | 'never' | 'unknown' | 'other' | 'silent'
  /** Of `heard`: how long ago, in milliseconds. */
  readonly agoMs?: number | undefined
}
