/**
 * A text of a stranger for a line that people read, of so many characters at most: with blanks for what ends a line, steers a terminal or turns the
 * direction of the text.
 */
export function printable(text: string, most: number): string {
  const short = text.length > most ? `${text.slice(0, most - 1)}…` : text
  return short.toWellFormed().replace(/[^\P{Cc}\t]|[\p{Bidi_Control}\u2028\u2029]/gu, ' ')
}
