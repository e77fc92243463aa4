/** A sentence to put behind the one about an unknown name, when `name` differs from it only in its capitals; empty when there is no such name. */
export function spelled(name: string | undefined): string {
  return name === undefined ? '' : ` Did you mean '${name}'? Letter case matters.`
}

/** The same, where the name is to be looked for among the known ones. */
export function spelledAmong(name: string, known: Iterable<string>): string {
  return spelled([...known].find((one) => one.toLowerCase() === name.toLowerCase()))
}
