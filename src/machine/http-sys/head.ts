/** A request's head as it has been parsed. */
export interface RawHead {
  readonly method: string
  readonly target: string
  /** `1.0`, `1.1`, `2.0`. */
  readonly version: string
  /** Name and value in turn, as the client wrote them. */
  readonly fields: readonly string[]
}

/** The values of a field, by its name in lower case. */
export function valuesOf(fields: readonly string[], name: string): readonly string[] {
  return fields.filter((_text, index) => index % 2 === 1 && fields[index - 1]?.toLowerCase() === name)
}

/** Bytes of a head as HTTP/1 writes it. */
export function headBytes(firstLine: string, fields: readonly string[]): number {
  return fields.reduce((sum, text) => sum + text.length + 2, firstLine.length + 4)
}
