/** The answer of another machine to the question when it last heard a master. */
export interface WitnessSaid {
  readonly machine: string
  /** Silent: nothing came back. Down: no Host Agent runs there, says its kernel. Other: it refuses, or cannot answer that. */
  readonly kind: 'heard' | 'never' | 'down' | 'other' | 'silent'
  /** Of `heard`: how long ago, in milliseconds. */
  readonly agoMs?: number | undefined
}
