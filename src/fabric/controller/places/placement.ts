import type { RoleSize } from '../../../service-model/sizes.ts'
import { coresOf } from '../state/load.ts'

/** A host as the placement sees it: what it has, and what is in use. */
export interface Candidate {
  readonly name: string
  readonly faultDomain: number
  /** A host in reserve is brought into service only when no other has the room. */
  readonly inService: boolean
  readonly cores: number
  /** 0 means unlimited. */
  readonly memoryMB: number
  readonly diskMB: number
  /** How many instances it has addresses for; undefined: any number. */
  readonly addresses?: number | undefined
  readonly load: {
    readonly cores: number
    readonly sharers: number
    readonly memoryMB: number
    readonly diskMB: number
    readonly instances: number
    /** Upgrade domains of the instances on it. */
    readonly domains: { readonly size: number; has(domain: number): boolean }
  }
}

/** An instance that needs a host. */
export interface Wanted {
  readonly key: string
  readonly role: string
  readonly size: RoleSize
  readonly upgradeDomain: number
  /** Label of the fault domain it must be in; undefined: any. */
  readonly faultDomain: number | undefined
}

/** A candidate while one request is being placed. */
interface Room {
  readonly host: Candidate
  cores: number
  sharers: number
  memoryMB: number
  diskMB: number
  instances: number
  inService: boolean
  /** Upgrade domains that only this request brings. */
  newDomains: Set<number> | undefined
  /** Instances of this request, by role. */
  roles: Map<string, number> | undefined
}

/**
 * Hosts for all of the wanted instances, or undefined when one cannot be placed. Hard constraints: cores, memory, disk, addresses,
 * fault domain; preferences in order: a host in service, fewest instances of the role, a host that this upgrade domain has to itself,
 * tightest fit, host name.
 */
export function place(
  candidates: readonly Candidate[],
  wanted: readonly Wanted[],
): ReadonlyMap<string, string> | undefined {
  const rooms = candidates.map(roomOf).sort((a, b) => (a.host.name < b.host.name ? -1 : 1))
  const roomsIn = Map.groupBy(rooms, ({ host }) => host.faultDomain)
  const placed = new Map<string, string>()
  for (const one of wanted) {
    const among = one.faultDomain === undefined ? rooms : (roomsIn.get(one.faultDomain) ?? [])
    const room = best(among, one)
    if (!room) return undefined
    take(room, one)
    placed.set(one.key, room.host.name)
  }
  return placed
}

function best(rooms: readonly Room[], wanted: Wanted): Room | undefined {
  let found: Room | undefined
  let foundRank = Number.POSITIVE_INFINITY
  for (const room of rooms) {
    const free = freeAfter(room, wanted.size)
    if (free < 0) continue
    const rank = rankOf(room, wanted, free)
    if (rank >= foundRank) continue
    found = room
    foundRank = rank
  }
  return found
}

/** Cores that are left free after one more instance of that size; negative when it does not fit. */
function freeAfter(room: Room, size: RoleSize): number {
  const { host } = room
  if (host.addresses !== undefined && room.instances >= host.addresses) return -1
  if (host.memoryMB > 0 && room.memoryMB + size.memoryMB > host.memoryMB) return -1
  if (host.diskMB > 0 && room.diskMB + size.diskMB > host.diskMB) return -1
  return (
    host.cores -
    coresOf({ cores: room.cores + (size.shared ? 0 : size.cores), sharers: room.sharers + (size.shared ? 1 : 0) })
  )
}

/** Above every number of cores of a host and of instances of a role on it, so that an earlier preference outweighs all later ones. */
const weight = 2 ** 16

/** Lower is better; hosts come in the order of their names, so that the first of equal rank has the first name. */
function rankOf(room: Room, wanted: Wanted, free: number): number {
  const sameRole = room.roles?.get(wanted.role) ?? 0
  const domains = room.host.load.domains.size + (room.newDomains?.size ?? 0)
  const otherDomains = domains - (hasDomain(room, wanted.upgradeDomain) ? 1 : 0)
  return (((room.inService ? 0 : weight) + sameRole) * 2 + (otherDomains > 0 ? 1 : 0)) * weight + free
}

function take(room: Room, { role, size, upgradeDomain }: Wanted): void {
  if (size.shared) room.sharers += 1
  else room.cores += size.cores
  room.memoryMB += size.memoryMB
  room.diskMB += size.diskMB
  room.instances += 1
  room.inService = true
  room.roles ??= new Map()
  room.roles.set(role, (room.roles.get(role) ?? 0) + 1)
  if (!hasDomain(room, upgradeDomain)) room.newDomains = (room.newDomains ?? new Set()).add(upgradeDomain)
}

function hasDomain({ host, newDomains }: Room, domain: number): boolean {
  return host.load.domains.has(domain) || (newDomains?.has(domain) ?? false)
}

/** Most rooms are only looked at, so what only a taken room needs is made when it is taken. */
function roomOf(host: Candidate): Room {
  const { cores, sharers, memoryMB, diskMB, instances } = host.load
  const { inService } = host
  return { host, cores, sharers, memoryMB, diskMB, instances, inService, newDomains: undefined, roles: undefined }
}
