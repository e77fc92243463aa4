import { globSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { identityOf, type ProcessIdentity } from '../process.ts'
import type { Places } from './data-directory.ts'

export interface GuestProcess {
  readonly identity: ProcessIdentity
  /** `Web_IN_0` */
  readonly instance: string
}

/**
 * Processes inside the guests of this data directory, whatever their parents: those whose environment names a role (RdRoleId, set
 * for all that runs in a guest) and that live, or were started, below its hosts.
 */
export function guestProcesses(places: Places): readonly GuestProcess[] {
  const hosts = hostsOf(places)
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      const environment = readProc(pid, 'environ')
      const [, key] = /(?:^|\0)RdRoleId=([^\0]*)/.exec(environment) ?? []
      if (key === undefined || !`${environment}${readProc(pid, 'cmdline')}`.includes(`${hosts}/`)) return []
      const identity = identityOf(Number(pid))
      return identity ? [{ identity, instance: key.slice(key.indexOf('.') + 1) }] : []
    })
}

/** Where the sockets of the guests stand, as each guest's own settings say. */
export function socketDirectories(places: Places): readonly string[] {
  return globSync('*/guests/*/guest.json', { cwd: hostsOf(places) }).flatMap((file) => {
    const { run } = JSON.parse(readFileSync(join(hostsOf(places), file), 'utf8')) as { readonly run?: string }
    return run !== undefined && /^reddog-[0-9a-f]+$/.test(basename(run)) ? [run] : []
  })
}

function hostsOf(places: Places): string {
  return join(places.data, 'hosts')
}

/** '' for a process that has ended or is not ours to look into. */
function readProc(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1')
  } catch {
    return ''
  }
}
