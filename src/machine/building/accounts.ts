import { join } from 'node:path'
import { lowestUid } from '../../host/contract/reserved-uids.ts'

/** Accounts and groups of a fabric, by their number within it, which never changes: files bear it. `parts` is the group of all that may pass run/, logs/ and trust/. */
const seats = [
  'parts',
  'etcd',
  'Azurite',
  'FabricController',
  'BlobGate',
  'LoadBalancer',
  'RDFE',
  'Portal',
  'secrets',
  'store',
  'api',
] as const
export type Seat = (typeof seats)[number]

/** Numbers that each fabric of this computer has for them, by its b. */
const seatsOfFabric = 16

/** What an account has besides its own name. */
interface Rights {
  readonly groups?: readonly Seat[]
  /** Below the data directory; nobody else enters them. */
  readonly directories?: readonly string[]
  /** Whether it may bind ports below 1024. */
  readonly bindsLowPorts?: boolean
}

/** The members with accounts, and programs that members run; all others remain root's. */
const rights: Readonly<Record<string, Rights | undefined>> = {
  etcd: { groups: ['store'], directories: ['etcd'] },
  Azurite: { directories: ['azurite'] },
  FabricController: { groups: ['secrets', 'store'], directories: ['fabric'] },
  BlobGate: {},
  LoadBalancer: { directories: ['load-balancer'], bindsLowPorts: true },
  RDFE: { groups: ['secrets', 'api'] },
  Portal: { groups: ['api'], directories: ['portal'] },
} satisfies Partial<Record<Seat, Rights>>

/** Under which a process runs. */
export interface Account {
  /** Of the user, and of its own group. */
  readonly id: number
  readonly groups: readonly number[]
  readonly bindsLowPorts: boolean
}

export function hasAccount(name: string): boolean {
  return Object.hasOwn(rights, name)
}

/** Number of an account or group in the fabric of 127.b.0.0/16. */
export function idOf(network: number, seat: Seat): number {
  return lowestUid + network * seatsOfFabric + seats.indexOf(seat)
}

/** Numbers of the accounts of all fabrics: from the first up to, not including, the end. */
export const accountIds = { first: lowestUid, end: lowestUid + 256 * seatsOfFabric } as const

/** Whether a file may have been an account's, of whichever fabric. */
export function isAccountId(id: number): boolean {
  return id >= accountIds.first && id < accountIds.end
}

/** The account of a member, or of a program that one runs; undefined when it remains root's. */
export function accountOf(network: number, name: string): Account | undefined {
  const found = hasAccount(name) ? rights[name] : undefined
  if (!found) return undefined
  const groups: readonly Seat[] = ['parts', ...(found.groups ?? [])]
  return {
    id: idOf(network, name as Seat),
    groups: groups.map((group) => idOf(network, group)),
    bindsLowPorts: found.bindsLowPorts ?? false,
  }
}

/** The directories below the data directory that are the member's own. */
export function directoriesOf(data: string, name: string): readonly string[] {
  const { directories = [] } = (hasAccount(name) && rights[name]) || {}
  return directories.map((directory) => join(data, directory))
}
