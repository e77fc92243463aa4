import type { Fault } from '../../kernel/fault.ts'
import { systemWords } from '../../kernel/system-words.ts'

/** Codes of the system's errors that a user can mend, and how. */
const known: Readonly<Record<string, Fault>> = {
  ENOSPC: { code: 'DiskFull', message: 'The disk of the host is full: free some space; it is tried again.' },
  EDQUOT: { code: 'DiskFull', message: 'The disk quota of the host is used up: free some space; it is tried again.' },
  EADDRINUSE: { code: 'PortInUse', message: 'Another process listens on the port of the guest’s wire server.' },
  EADDRNOTAVAIL: { code: 'NoAddress', message: 'This machine has no such address as the host’s wire address.' },
}

/** The failure of an action, as a value (T-8); `otherwise` is the code for errors that the table does not know. */
export function faultOf(error: unknown, otherwise: string): Fault {
  const { code, path, message } = error as { readonly code?: string; readonly path?: string; readonly message?: string }
  if (code === undefined) return { code: otherwise, message: message ?? String(error) }
  return known[code] ?? { code: otherwise, message: `${path ? `${path}: ` : ''}${systemWords(error)}` }
}
