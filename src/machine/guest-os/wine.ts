import { has } from './why-not-run.ts'

/** Whether this machine has a wine that runs programs for x64, on this process's PATH. */
export function hasWine(): boolean {
  const path = process.env['PATH'] ?? ''
  return process.arch === 'x64' && has('wine', path) && has('wineserver', path)
}
