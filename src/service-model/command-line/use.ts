/** A program that a command line runs, and what is done about it here (design.md 6). A guest starts it so, and doctor reports it. */
export type Use =
  /** A file of the package, or a program of the machine, as it is. */
  | { readonly kind: 'asIs'; readonly asked: string; readonly programs: readonly string[]; readonly file?: FoundFile }
  /** A file of the package that has the name of a program for Windows. */
  | {
      readonly kind: 'standIn'
      readonly asked: string
      readonly programs: readonly string[]
      readonly file: FoundFile
    }
  /** A program for Windows in the package, through Debian's wine. */
  | { readonly kind: 'wine'; readonly asked: string; readonly programs: readonly string[]; readonly file: FoundFile }
  /** Something that Reddog knows how to do. */
  | { readonly kind: 'recipe'; readonly asked: string; readonly programs: readonly string[]; readonly why: string }
  /** A program for Windows in whose place there is nothing; `standIn` is the path, from the working directory, that is looked for. */
  | { readonly kind: 'missing'; readonly asked: string; readonly standIn: string; readonly why: string }
  /** No file can replace this: the command line itself uses something unknown here. */
  | { readonly kind: 'unknown'; readonly asked: string; readonly why: string }

/** A file or directory of the role, found ignoring case. */
export interface FoundFile {
  /** As the shell reaches it from the working directory, in its real case. */
  readonly path: string
  /** Its first bytes by `headText`; '' for a directory. */
  readonly head: () => string
  /** Whether its packer has marked it as a program, where that is known. */
  readonly isProgram?: boolean
}

/** Looks a path up, from the working directory, ignoring case below the role root; undefined when nothing is there. */
export type FindFile = (path: string) => FoundFile | undefined
