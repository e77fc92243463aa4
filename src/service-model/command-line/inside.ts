/** The command inside a program that only runs another. */
export type Inside =
  /** Another line for the shell. */
  | { readonly kind: 'line'; readonly text: string }
  /** The same, not waited for. */
  | { readonly kind: 'background'; readonly text: string }
  | { readonly kind: 'program'; readonly name: string; readonly words: readonly string[] }
  | { readonly kind: 'refused'; readonly why: string }
