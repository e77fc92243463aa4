import type { Refusal } from '../desk/next.ts'

/** A call of another party over HTTPS, whose certificate says who it is. */
export interface Call {
  readonly peer: string
  /** The caller's certificate, PEM. */
  readonly certificate: () => string
  readonly rest: string
  readonly query: URLSearchParams
  readonly body: unknown
  readonly signal: AbortSignal
}

/** Undefined: nothing to say (204). */
export type Answer = { readonly json: unknown } | { readonly file: string } | Refusal | undefined

export interface Route {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Its answer waits for the store. */
  readonly stores?: true
  allows(peer: string): boolean
  handle(call: Call): Promise<Answer>
}
