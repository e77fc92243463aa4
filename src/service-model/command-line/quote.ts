/** Any text as one word of the shell. */
export function quote(text: string): string {
  return /^[\w./:@%+,-][\w./:@%+,=-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/** The text from which `quote` made a word. */
export function unquoted(word: string): string {
  return word.replace(/'([^']*)'|\\(.)/g, (_, inner: string | undefined, sign: string) => inner ?? sign)
}

/** `\` of a path is `/` (design.md 6). A text with signs that no path has is not changed. */
export function turned(text: string): string {
  return /^[\w\s.%:\\/()~@+,=-]*$/.test(text) ? text.replaceAll('\\', '/') : text
}
