import { Map } from 'immutable'
import { type RoleSize, sizeOf } from '../../../service-model/sizes.ts'
import type { InstanceRecord } from './records/instance.ts'

/** What instances take of one host. */
export interface HostLoad {
  /** Dedicated cores. */
  readonly cores: number
  /** Instances that share a core. */
  readonly sharers: number
  readonly memoryMB: number
  readonly diskMB: number
  readonly instances: number
  /** Instances by upgrade domain. */
  readonly domains: Map<number, number>
}

/** Instances of size ExtraSmall that share one core; the original's number is not public. */
const sharersOfACore = 4

export const noLoad: HostLoad = { cores: 0, sharers: 0, memoryMB: 0, diskMB: 0, instances: 0, domains: Map() }

/** Cores that a load takes: dedicated ones, and as many as its sharers need. */
export function coresOf(load: Pick<HostLoad, 'cores' | 'sharers'>): number {
  return load.cores + Math.ceil(load.sharers / sharersOfACore)
}

/** The load with one instance more (`sign` 1) or less (-1). */
export function withInstance(load: HostLoad, instance: InstanceRecord, sign: 1 | -1): HostLoad {
  const size = sizeFor(instance.size)
  return {
    cores: load.cores + (size.shared ? 0 : sign * size.cores),
    sharers: load.sharers + (size.shared ? sign : 0),
    memoryMB: load.memoryMB + sign * size.memoryMB,
    diskMB: load.diskMB + sign * size.diskMB,
    instances: load.instances + sign,
    domains: counted(load.domains, instance.upgradeDomain, sign),
  }
}

function counted(counts: Map<number, number>, domain: number, sign: 1 | -1): Map<number, number> {
  const count = counts.get(domain, 0) + sign
  return count === 0 ? counts.delete(domain) : counts.set(domain, count)
}

/** What an instance of unknown size takes: its record is set aside (restore.ts), and can still be deleted. */
const noSize = { cores: 0, shared: false, memoryMB: 0, diskMB: 0 } as const

function sizeFor(id: string): Pick<RoleSize, 'cores' | 'shared' | 'memoryMB' | 'diskMB'> {
  return sizeOf(id) ?? noSize
}

/** Cores that count against the subscription's (S-1). */
export function countedCores({ size }: InstanceRecord): number {
  return sizeFor(size).cores
}

/** The size of a role whose definition was accepted: there is one. */
export function knownSize(id: string): RoleSize {
  const size = sizeOf(id)
  if (!size) throw new Error(`an accepted definition names the size "${id}", which does not exist`)
  return size
}
