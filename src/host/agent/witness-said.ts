/** The answer of another machine to the question when it last heard a master. */
export interface WitnessSaid {
  readonly machine: string
  /** Silent: nothing came back. Down: no Host Agent runs there, says its kernel. Slow: one does, and has not answered in time. Other: it refuses. */
  readonly kind: 'heard' | 'never' | 'down' | 'slow' | 'other' | 'silent'
  /** Of `heard`: how long ago, in milliseconds. */
  readonly agoMs?: number | undefined
}
