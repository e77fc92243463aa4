import { electionTimes } from '../../kernel/election.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Change, Found, Transacted, Transaction } from '../../machine/store/etcd/transaction.ts'

/** What etcd keeps, as all of its members agree. */
export interface KeyValues {
  get(key: string): string | undefined
  /** All keys with that beginning, in order. */
  range(prefix: string): readonly (readonly [key: string, text: string])[]
  transact(transaction: Transaction): Pick<Transacted, 'succeeded' | 'found'>
  /** Answers with the name of the lease. */
  grant(): string
  /** False: it is over. */
  renew(lease: string): boolean
  revoke(lease: string): void
  /** No lease ends while too few members agree; when they agree again, each lives its full time once more. */
  setQuorum(has: boolean): void
  copy(): ReadonlyMap<string, string>
  replace(texts: ReadonlyMap<string, string>): void
}

interface Lease {
  endsAt: Instant
  readonly keys: Set<string>
}

export function keyValues(now: () => Instant): KeyValues {
  let texts = new Map<string, string>()
  const leases = new Map<string, Lease>()
  let granted = 0
  let hasQuorum = true

  function revoke(lease: string): void {
    for (const key of leases.get(lease)?.keys ?? []) texts.delete(key)
    leases.delete(lease)
  }

  /** Leases end when their time is over, which nobody sees before the next request. */
  function expire(): void {
    for (const [name, { endsAt }] of leases) if (endsAt <= now()) revoke(name)
  }

  function write({ key, value, lease }: Change): void {
    for (const { keys } of leases.values()) keys.delete(key)
    if (value === undefined) texts.delete(key)
    else texts.set(key, value)
    if (lease !== undefined && value !== undefined) leases.get(lease)?.keys.add(key)
  }

  function leaseOf(key: string): string | undefined {
    for (const [name, { keys }] of leases) if (keys.has(key)) return name
    return undefined
  }

  return {
    get(key) {
      expire()
      return texts.get(key)
    },
    range: (prefix) =>
      [...texts].filter(([key]) => key.startsWith(prefix)).sort(([one], [other]) => (one < other ? -1 : 1)),
    transact({ compare, changes, asked }) {
      expire()
      const found = new Map<string, Found>()
      for (const key of asked) {
        const value = texts.get(key)
        if (value !== undefined) found.set(key, { value, lease: leaseOf(key) })
      }
      const succeeded =
        changes.every(({ lease }) => lease === undefined || leases.has(lease)) &&
        compare.every(({ key, value }) => texts.get(key) === value)
      if (succeeded) for (const change of changes) write(change)
      return { succeeded, found }
    },
    grant() {
      const name = `lease-${++granted}`
      leases.set(name, { endsAt: now() + electionTimes.leaseMs, keys: new Set() })
      return name
    },
    renew(name) {
      expire()
      const lease = leases.get(name)
      if (lease) lease.endsAt = now() + electionTimes.leaseMs
      return lease !== undefined
    },
    revoke,
    setQuorum(has) {
      if (has === hasQuorum) return
      if (!has) expire()
      hasQuorum = has
      for (const lease of leases.values()) lease.endsAt = has ? now() + electionTimes.leaseMs : Number.POSITIVE_INFINITY
    },
    copy: () => new Map(texts),
    replace(next) {
      texts = new Map(next)
      for (const { keys } of leases.values()) keys.clear()
    },
  }
}
