import { globSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { runDirectoriesOf } from '../guest/run-directory.ts'
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

/** Where the sockets of the guests stand: as each guest's own settings say, and of one without settings where its container ID has them. */
export function socketDirectories(places: Places): readonly string[] {
  return globSync('*/guests/*', { cwd: hostsOf(places) }).flatMap((guest) => {
    const run = runIn(join(hostsOf(places), guest, 'guest.json'))
    return run !== undefined && /^reddog-[0-9a-f]+$/.test(basename(run)) ? [run] : runDirectoriesOf(basename(guest))
  })
}

/** Undefined for a guest that has never started, and for settings that cannot be read: whoever ends everything must go on. */
function runIn(settingsFile: string): string | undefined {
  try {
    const { run } = JSON.parse(readFileSync(settingsFile, 'utf8')) as { readonly run?: unknown }
    return typeof run === 'string' ? run : undefined
  } catch {
    return undefined
  }
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
