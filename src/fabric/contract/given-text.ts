/** Things whose names a request may spell in another case. */
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

/** A text written by FFE, in pieces where it contains names: the controller gives these their stored spelling (S-2). */
export type GivenText = string | readonly (string | GivenName)[]

/** The text in one piece. */
export function spelledOut(text: GivenText, spell: (name: GivenName) => string): string {
  if (typeof text === 'string') return text
  return text.map((piece) => (typeof piece === 'string' ? piece : spell(piece))).join('')
}
