/** Ends a command; its sentence is the original's message in such a case. */
export class Refusal extends Error {
  /** The exit code: a system error of Windows. */
  readonly exitCode: number
  constructor(exitCode: number, message: string) {
    super(message)
    this.exitCode = exitCode
  }
}

/** System errors of Windows that the original returns. */
export const codes = {
  /** Also: nothing to list. */
  notFound: 1,
  notSupported: 50,
  badParameter: 87,
  exists: 183,
  noSuchElement: 4_312,
} as const

export function cannotFind(kind: string, name: string, exitCode: number = codes.notSupported): Refusal {
  return new Refusal(exitCode, `Cannot find ${kind} object with identifier "${name}".`)
}
