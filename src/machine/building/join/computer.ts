import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** Where systemd, and what takes its place, keep it (machine-id(5)). */
const file = '/etc/machine-id'

/**
 * What tells this computer from others: SHA-256 of its machine ID, which is not to leave it. Two computers with the same one have the same disk, and
 * so the same keys. Throws an Error with one sentence when it has none.
 */
export function computerMark(): string {
  let id: string
  try {
    id = readFileSync(file, 'utf8').trim()
  } catch {
    id = ''
  }
  if (!/^[\da-f]{32}$/.test(id))
    throw new Error(`This computer has no machine ID in ${file}. Make one with: systemd-machine-id-setup`)
  return createHash('sha256').update(`reddog:${id}`).digest('hex')
}
