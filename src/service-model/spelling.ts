/** A name that differs in case alone is one fault, and easily mended: the sentence that says so, after another one; empty when there is none. */
export function spelled(name: string | undefined): string {
  return name === undefined ? '' : ` Did you mean '${name}'? Letter case matters.`
}

/** The same for a name that names none of these. */
export function spelledAmong(name: string, known: Iterable<string>): string {
  return spelled([...known].find((one) => one.toLowerCase() === name.toLowerCase()))
}
