/** A text as one word of the shell, whatever is in it. */
export function quote(text: string): string {
  return /^[\w./:@%+,-][\w./:@%+,=-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/** `\` of a path is `/` (design.md 6). A text with signs that no path has keeps its `\`. */
export function turned(text: string): string {
  return /^[\w\s.%:\\/()~@+,=-]*$/.test(text) ? text.replaceAll('\\', '/') : text
}
