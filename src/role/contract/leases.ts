import type { Instant } from '../../kernel/instant.ts'
import type { LeaseStatus, StatusLease } from './current-state.ts'

export interface Lease {
  readonly status: LeaseStatus
  readonly incarnation: number
  readonly expires: Instant
}

/** One lease for each client (role-runtime.md 6, rule 4). */
export type LeaseTable = Readonly<Record<string, Lease>>

/** Most clients that hold a lease at once: a process of a role has one. Further clients get none. */
const clientLimit = 1_000

/** Acquire replaces a client's lease, Release removes it. */
export function withLease(table: LeaseTable, report: StatusLease): LeaseTable {
  const { [report.clientId]: _replaced, ...others } = table
  if (report.kind === 'release' || Object.keys(others).length >= clientLimit) return others
  const { status, incarnation, expires } = report
  return { ...others, [report.clientId]: { status, incarnation, expires } }
}

/** Without the leases whose Expiration has passed. */
export function liveLeases(table: LeaseTable, now: Instant): LeaseTable {
  return Object.fromEntries(Object.entries(table).filter(([, lease]) => lease.expires > now))
}

/** When the next lease ends by itself; undefined when none does. */
export function nextExpiry(table: LeaseTable): Instant | undefined {
  const ends = Object.values(table).map((lease) => lease.expires)
  const first = Math.min(...ends)
  return Number.isFinite(first) ? first : undefined
}

/** What the leases ask of the role, the first that applies: a Recycle, then a Busy (role-runtime.md 6, rule 4). */
export function wishOf(table: LeaseTable, now: Instant): 'Recycle' | 'Busy' | undefined {
  const live = Object.values(table).filter((lease) => lease.expires > now)
  if (live.some((lease) => lease.status === 'Recycle')) return 'Recycle'
  return live.some((lease) => lease.status === 'Busy') ? 'Busy' : undefined
}
