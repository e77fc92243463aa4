/** A text as one word of the shell, whatever is in it. */
export function quote(text: string): string {
  return /^[\w./:@%+,-][\w./:@%+,=-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/** The text that `quote` made a word of. */
export function unquoted(word: string): string {
  return word.replace(/'([^']*)'|\\(.)/g, (_, inner: string | undefined, sign: string) => inner ?? sign)
}

/** `\` of a path is `/` (design.md 6). A text with signs that no path has keeps its `\`. */
export function turned(text: string): string {
  return /^[\w\s.%:\\/()~@+,=-]*$/.test(text) ? text.replaceAll('\\', '/') : text
}
