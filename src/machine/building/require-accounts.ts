import { existsSync, readFileSync } from 'node:fs'
import { closedDirectory } from '../guest/reachable.ts'
import { accountIds } from './accounts.ts'
import type { UpCommand } from './command-line.ts'
import type { FabricIsolation } from './isolation.ts'

/** Throws an Error with one sentence when parts cannot have accounts of their own here. `paths`: what they must reach. */
export function requireAccounts(command: UpCommand, isolation: FabricIsolation, paths: readonly string[]): void {
  const wrong = (why: string) => new Error(`--accounts: ${why}`)
  if (process.getuid?.() !== 0) throw wrong('only root can give accounts to its parts. Start it as root, or without.')
  // Guests that share addresses with all know the balancer by its account (L-25).
  if (isolation.kind !== 'namespace')
    throw wrong(
      [
        'guests must have namespaces of their own, and here they are kept apart by process. Leave it out.',
        ...isolation.lacks.map(({ sentence }) => sentence),
      ].join(' '),
    )
  for (const file of ['/etc/subuid', '/etc/subgid'])
    if (coversSeats(file))
      throw wrong(
        `a user of this machine may have the numbers that parts would get, by ${file}. Give that user others, or leave it out.`,
      )
  const path = paths.find((one) => closedDirectory(one) !== undefined)
  if (path !== undefined) {
    const closed = closedDirectory(path)
    throw wrong(
      `other accounts may not pass ${closed}, which is on the way to ${path}. Move it, or: chmod o+x ${closed}`,
    )
  }
  const first = Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'))
  for (const [option, port] of [
    ['--port', command.port],
    ['--portal-port', command.portalPort],
    ['--portal-address', command.portalAddress?.port],
  ] as const)
    if (port && port < first)
      throw wrong(`API and portal have no right to ports below ${first}. Choose another than ${port} with ${option}.`)
}

/** Whether a line `user:first:count` of subordinate numbers covers one of an account. */
function coversSeats(file: string): boolean {
  if (!existsSync(file)) return false
  return readFileSync(file, 'utf8')
    .split('\n')
    .some((line) => {
      const [, first = Number.NaN, count = Number.NaN] = line.split(':').map(Number)
      return first < accountIds.end && first + count > accountIds.first
    })
}
