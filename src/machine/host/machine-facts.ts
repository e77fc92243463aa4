import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../../kernel/log.ts'
import type { Isolation } from '../guest/isolation.ts'
import { closedDirectory } from '../guest/reachable.ts'
import { bootId } from '../process.ts'

/** Digits of the hash that distinguish guest agent programs. */
const incarnationDigits = 16

/** Facts about this machine and this run of the host agent. */
export function machineFacts(
  {
    programs,
    dataDirectory,
    withoutRoot,
  }: { readonly programs: string; readonly dataDirectory: string; readonly withoutRoot?: boolean | undefined },
  { ownNetworks }: Isolation,
  log: Log,
) {
  return {
    bootId,
    agentRun: randomUUID(),
    firstPort: ownNetworks ? 0 : Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8')),
    agentIncarnation: incarnationOf(join(programs, 'WindowsAzureGuestAgent.mjs')),
    // A guest in namespaces is shown what it needs, even where its account may not pass on the way.
    ownAccounts: !withoutRoot && (ownNetworks || ownAccounts([programs, dataDirectory, process.execPath], log)),
    ownNetworks,
  }
}

/** Only root can give accounts away, and only when they reach what a guest needs. */
function ownAccounts(paths: readonly string[], log: Log): boolean {
  if (process.getuid?.() !== 0) return false
  for (const path of paths) {
    const closed = closedDirectory(path)
    if (closed === undefined) continue
    log.warn(
      `Guests run as root and can read one another: other accounts may not pass ${closed}, which is on the way to ${path}. ` +
        `Move it, or open it with chmod o+x ${closed}.`,
    )
    return false
  }
  return true
}

/** Changes with the program; '0' where it is not built. */
function incarnationOf(program: string): string {
  if (!existsSync(program)) return '0'
  return createHash('sha256').update(readFileSync(program)).digest('hex').slice(0, incarnationDigits)
}
