/** A line of the original's command shell, read (design.md 6): a small tree, before anything of this system is in it. */
export type Line =
  /** `text` still has its quotes but no carets: the part after the program's name is for the program. */
  | { readonly kind: 'command'; readonly text: string; readonly redirections: readonly Redirection[] }
  | { readonly kind: 'joined'; readonly operator: Operator; readonly left: Line; readonly right: Line }
  | { readonly kind: 'group'; readonly line: Line; readonly redirections: readonly Redirection[] }
  | {
      readonly kind: 'if'
      readonly condition: Condition
      readonly consequence: Line
      readonly alternative?: Line | undefined
    }
  /** `&` with nothing behind it, a remark. */
  | { readonly kind: 'nothing' }
  /** A fault that the original's shell also refuses, or an unknown command, as a sentence. */
  | { readonly kind: 'unreadable'; readonly why: string }

/** From the weakest to the strongest. */
export const operators = ['&', '||', '&&', '|'] as const
export type Operator = (typeof operators)[number]

export interface Redirection {
  /** '' where none is written: 0 for `<`, 1 for the others. */
  readonly descriptor: string
  readonly operator: '<' | '>' | '>>'
  /** A file's name without quotes, or `&1`. */
  readonly target: string
}

export interface Condition {
  readonly not: boolean
  readonly ignoreCase: boolean
  readonly test:
    | { readonly kind: 'exist' | 'defined' | 'errorlevel'; readonly word: string }
    | { readonly kind: 'compared'; readonly operator: Comparison; readonly left: string; readonly right: string }
}

/** `==` is `equ` of texts. */
export const comparisons = ['==', 'equ', 'neq', 'lss', 'leq', 'gtr', 'geq'] as const
export type Comparison = (typeof comparisons)[number]
