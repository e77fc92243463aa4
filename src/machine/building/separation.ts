import { closedDirectory } from '../guest/reachable.ts'
import type { Building } from './building.ts'

/** Who is separated from whom (design.md 8). Only `namespaces` are a security boundary. */
export interface Separation {
  /** Other accounts of this machine can neither read what guests receive nor act in their name. */
  readonly accounts: true
  /** `namespaces`: each guest has a user and a network of its own, and sees its own files and processes alone; `users`: each guest has a user of its own; `none`: they share one, and can read one another. */
  readonly guests: 'namespaces' | 'users' | 'none'
  /** Whose a guest's address must be for the load balancer to connect: its own user's, or merely the fabric's. */
  readonly addresses: 'guests' | 'accounts'
  /** The Blob service's address is nobody else's as long as the process that holds its port runs: when that is killed it is free for a moment. */
  readonly blobAddress: 'held while PortHolder-Azurite runs'
  /** Why guests have no users of their own. */
  readonly because?: string
}

/** The separation in force for the guests of this building. */
export function separationOf({
  programs,
  places,
  isolation,
}: Pick<Building, 'programs' | 'places' | 'isolation'>): Separation {
  const closed = [programs, places.data, process.execPath].map(closedDirectory).find((found) => found !== undefined)
  const always = { accounts: true, blobAddress: 'held while PortHolder-Azurite runs' } as const
  if (isolation.kind === 'namespace') return { ...always, guests: 'namespaces', addresses: 'guests' }
  if (process.getuid?.() === 0 && closed === undefined) return { ...always, guests: 'users', addresses: 'guests' }
  const because =
    process.getuid?.() === 0
      ? `all guests run as root, since other users may not pass ${closed}`
      : 'without root all guests run as this user'
  return { ...always, guests: 'none', addresses: 'accounts', because }
}
