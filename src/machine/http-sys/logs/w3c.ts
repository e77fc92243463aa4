const msPerSecond = 1_000

/** A word that is written as it is. */
const plain = /^[!-~]+$/

/** The fields of a log in W3C extended format: blank is `-`, a space or a control character `+`, and non-ASCII is escaped (I-35). */
export function logWord(text: string | number | undefined): string {
  if (text === undefined || text === '') return '-'
  if (typeof text === 'number' || plain.test(text)) return String(text)
  const wellFormed = text.toWellFormed()
  // A client must not move the cursor of a reader of the log.
  // oxlint-disable-next-line no-control-regex
  return wellFormed.replace(/[\u0000-\u0020\u007f]/g, '+').replace(/[^!-~]+/g, encodeURIComponent)
}

/** The same for a field, whose bytes Node delivers as Latin-1. */
export function fieldWord(value: string | undefined): string {
  return logWord(value === undefined || plain.test(value) ? value : Buffer.from(value, 'latin1').toString('utf8'))
}

/** `2015-03-04 05:06:07`, in UTC. */
export const logTime = perSecond((at) => new Date(at).toISOString().slice(0, 19).replace('T', ' '))

/** A text of a moment, made once for all lines of a second. */
export function perSecond(textOf: (at: number) => string): (at: number) => string {
  let [second, text] = [Number.NaN, '']
  return (at) => {
    const now = Math.floor(at / msPerSecond)
    if (now !== second) [second, text] = [now, textOf(at)]
    return text
  }
}

/** The lines at the beginning of a log, at each start of its writer. */
export function logHead(software: string, fields: string, at: number): string {
  return `#Software: ${software}\r\n#Version: 1.0\r\n#Date: ${logTime(at)}\r\n#Fields: ${fields}\r\n`
}
