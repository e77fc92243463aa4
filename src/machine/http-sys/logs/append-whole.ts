import { appendFileSync, mkdirSync, statSync, truncateSync } from 'node:fs'
import { dirname } from 'node:path'

/** Appends all of a text, or nothing of it; false when it cannot: a full disk loses lines and stops nobody, and leaves none that is torn (I-37). */
export function appendWhole(file: string, text: string): boolean {
  let before = Number.POSITIVE_INFINITY
  try {
    mkdirSync(dirname(file), { recursive: true })
    before = sizeOf(file)
    appendFileSync(file, text, { mode: 0o640 })
    return true
  } catch {
    cut(file, before)
    return false
  }
}

/** In bytes; 0 for a file that is not there. */
export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

function cut(file: string, sizeBytes: number): void {
  try {
    if (sizeOf(file) > sizeBytes) truncateSync(file, sizeBytes)
  } catch {
    // There is nowhere else to report it.
  }
}
