import { electionTimes } from '../../kernel/election.ts'
import type { Instant } from '../../kernel/instant.ts'

/** All of it is done, or nothing: nothing when one of the comparisons does not hold. */
export interface Transaction {
  /** The text that a key must have; undefined: there must be no such key. */
  readonly when: readonly (readonly [key: string, text: string | undefined])[]
  /** Undefined drops the key. */
  readonly writes: readonly (readonly [key: string, text: string | undefined])[]
  /** The written keys go with that lease. */
  readonly lease?: string | undefined
}

/** What etcd keeps, as all of its members agree. */
export interface KeyValues {
  get(key: string): string | undefined
  /** All keys with that beginning, in order. */
  range(prefix: string): readonly (readonly [key: string, text: string])[]
  /** True: it is done. */
  transact(transaction: Transaction): boolean
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

  function write([key, text]: readonly [string, string | undefined], lease: string | undefined): void {
    for (const { keys } of leases.values()) keys.delete(key)
    if (text === undefined) texts.delete(key)
    else texts.set(key, text)
    if (lease !== undefined && text !== undefined) leases.get(lease)?.keys.add(key)
  }

  return {
    get(key) {
      expire()
      return texts.get(key)
    },
    range: (prefix) =>
      [...texts].filter(([key]) => key.startsWith(prefix)).sort(([one], [other]) => (one < other ? -1 : 1)),
    transact({ when, writes, lease }) {
      expire()
      if (lease !== undefined && !leases.has(lease)) return false
      if (when.some(([key, text]) => texts.get(key) !== text)) return false
      for (const one of writes) write(one, lease)
      return true
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
