import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { identityOf, type ProcessIdentity } from '../process.ts'
import type { Places } from './data-directory.ts'

/**
 * Processes inside the guests of this data directory, whoever their parents are: those whose environment names a role
 * (RdRoleId, set for all that runs in a guest) and that live, or were started, below its hosts.
 */
export function guestProcesses(places: Places): readonly ProcessIdentity[] {
  const hosts = join(places.data, 'hosts')
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      const environment = readProc(pid, 'environ')
      if (!/(?:^|\0)RdRoleId=/.test(environment) || !`${environment}${readProc(pid, 'cmdline')}`.includes(`${hosts}/`))
        return []
      return identityOf(Number(pid)) ?? []
    })
}

/** '' for a process that has ended or is not ours to look into. */
function readProc(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1')
  } catch {
    return ''
  }
}
