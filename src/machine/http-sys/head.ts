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
  const values: string[] = []
  for (let at = 0; at < fields.length; at += 2) if (isNamed(fields[at], name)) values.push(fields[at + 1] as string)
  return values
}

function isNamed(written: string | undefined, name: string): boolean {
  return written?.length === name.length && written.toLowerCase() === name
}

/** Bytes of a head as HTTP/1 writes it. */
export function headBytes(firstLine: string, fields: readonly string[]): number {
  return fields.reduce((sum, text) => sum + text.length + 2, firstLine.length + 4)
}
