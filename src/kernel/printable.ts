/**
 * A foreign text for a line that people read, of at most so many characters. Characters that end a line, control a terminal or change the direction
 * of the text become blanks.
 */
export function printable(text: string, most: number): string {
  const short = text.length > most ? `${text.slice(0, most - 1)}…` : text
  return short.toWellFormed().replace(/[^\P{Cc}\t]|[\p{Bidi_Control}\u2028\u2029]/gu, ' ')
}

/** Foreign lines for a terminal: what would control it, but for the ends of lines and tabs, becomes blanks. */
export function uncontrolling(text: string): string {
  return text.replace(/[^\P{Cc}\t\n]|\p{Bidi_Control}/gu, ' ')
}

const escape = String.fromCodePoint(0x1b)
const colourOrControl = new RegExp(String.raw`${escape}\[[\d;]{0,32}m|[^\P{Cc}\t\n\r]|\p{Bidi_Control}`, 'gu')

/** The same for what a program has written as if to a terminal: colours and returns of the carriage stay. */
export function coloursAlone(text: string): string {
  return text.replace(colourOrControl, (found) => (found.length > 1 ? found : ' '))
}
