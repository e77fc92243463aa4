import type { Element } from '../../../kernel/xml.ts'

/** An immediate action on an application pool, apart from what the file says about it. */
export interface PoolWord {
  readonly kind: 'startPool' | 'stopPool' | 'recyclePool'
  readonly pool: string
}

/** The result of a command. */
export interface Answer {
  readonly lines: readonly string[]
  readonly exitCode: number
  /** The configuration after it, where it has changed. */
  readonly root?: Element | undefined
  /** For the web server, once the configuration is written. */
  readonly poolWords?: readonly PoolWord[] | undefined
}

export function said(lines: readonly string[]): Answer {
  return { lines, exitCode: 0 }
}
