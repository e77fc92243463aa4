/**
 * A foreign text for a line that people read, of at most so many characters. Characters that end a line, control a terminal or change the direction
 * of the text become blanks.
 */
export function printable(text: string, most: number): string {
  const short = text.length > most ? `${text.slice(0, most - 1)}…` : text
  return short.toWellFormed().replace(/[^\P{Cc}\t]|[\p{Bidi_Control}\u2028\u2029]/gu, ' ')
}
