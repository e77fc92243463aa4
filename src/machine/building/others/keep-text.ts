import { existsSync, readFileSync } from 'node:fs'
import { writeWhole } from '../write-whole.ts'

/** Writes a text of which somebody watches the file, only when it is another than before. Mode 0644: it holds no secret. */
export function keepText(file: string, text: string): void {
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeWhole(file, text, 0o644)
}
