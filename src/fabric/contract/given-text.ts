/** What has names that a request may spell in another case. */
export type NameKind =
  | 'service'
  | 'deployment'
  | 'instance'
  | 'role'
  | 'group'
  | 'extension'
  | 'host'
  | 'reservedAddress'

/** A name as the request has it. */
export interface GivenName {
  readonly of: NameKind
  readonly name: string
}

/** A text that FFE has worded, in pieces where there are names in it: they get their stored spelling from the controller (S-2). */
export type GivenText = string | readonly (string | GivenName)[]

/** The text in one piece. */
export function spelledOut(text: GivenText, spell: (name: GivenName) => string): string {
  if (typeof text === 'string') return text
  return text.map((piece) => (typeof piece === 'string' ? piece : spell(piece))).join('')
}
