import { readdirSync, readFileSync } from 'node:fs'
import { sessionVariable } from './session-shell.ts'

/**
 * Sends the programs of a connection's sessions the hang-up of a terminal; programs that have left their session live on. `client`: address and port;
 * undefined: of all.
 */
export function hangUp(client?: string): void {
  const theirs = `${sessionVariable}=${client === undefined ? '' : `${client} `}`
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const variables = read(pid, 'environ').split('\0')
    const first = variables
      .find((line) => line.startsWith(theirs))
      ?.split(' ')
      .at(-1)
    if (first !== undefined && groupOf(pid) === first) signal(Number(first))
  }
}

/** Process group: the fifth field. */
function groupOf(pid: string): string | undefined {
  const stat = read(pid, 'stat')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return ''
  }
}

function signal(group: number): void {
  try {
    process.kill(-group, 'SIGHUP')
  } catch {
    // It has ended meanwhile.
  }
}
