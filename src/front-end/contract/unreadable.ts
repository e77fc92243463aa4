/** What was received instead of a request. */
export interface Unreadable {
  readonly kind: 'malformed' | 'headersTooLarge' | 'tooSlow'
  /** What the parser says. */
  readonly detail: string
}
