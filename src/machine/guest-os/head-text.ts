/** The beginning of a file as text. A program for Windows is read by its offsets: a character for each byte. */
export function headText(bytes: Buffer): string {
  return bytes.toString(bytes.toString('latin1', 0, 2) === 'MZ' ? 'latin1' : 'utf8')
}
