import { diagnosticStore, type Owner } from './guest-paths.ts'

/** Where DiagnosticsAgent stores its buffers (G-13). */
export function monitorDirectory(owner: Owner): string {
  return `${diagnosticStore(owner)}\\Monitor`
}

/** Where it writes what is wrong, for the details of the instance (P-12); empty when nothing is wrong. */
export function troubleFile(owner: Owner): string {
  return `${monitorDirectory(owner)}\\trouble.txt`
}
