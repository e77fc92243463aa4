import { setTimeout as pause } from 'node:timers/promises'
import { electionTimes, isSure, leaseAskedAt } from '../../../kernel/election.ts'
import type { Gateway } from './gateway.ts'
import { keys } from './keys.ts'
import { grantLease, renewLease, revokeLease } from './lease.ts'
import { transact } from './transaction.ts'

/** Who has the lease. */
export interface Master {
  /** Name of its machine. */
  readonly machine: string
  /** Of its controller. */
  readonly url: string
}

/** The time of one master. The lease decides who tries; what fences is the epoch of the store. */
export interface Term {
  /** True: nobody else can have become master by now. */
  holds(): boolean
  /** Resolves with a sentence when the lease is lost, or could not be renewed in time; never after `resign`. */
  readonly over: Promise<string>
  /** Another may be master at once. */
  resign(): Promise<void>
}

/** For one look or vote, in milliseconds; then another member is asked. Origin: choice. */
const answerLimitMs = 1_000

/** For one attempt to renew it, in milliseconds; then another member is asked. Origin: choice: two fit between a renewal and `silence` (guard.ts). */
const renewLimitMs = 500

/** After an attempt that failed, in milliseconds. Origin: choice. */
const retryMs = 50

/**
 * Stands for master until elected. `saw` is told who is, each time it has looked. Who has just begun lets the others go first: it may have been the
 * master, and have ended for what is wrong with its machine. A lease of a former process of this machine is ended: the caller has taken its port, so
 * that process is gone. `unfit` gives a sentence while this one must not be master: it does not stand then, and its term is over.
 */
export async function standForMaster(
  gateway: Gateway,
  self: Master,
  saw: (master: Master | undefined) => void,
  unfit: () => string | undefined,
): Promise<Term> {
  for (let isFirst = true; ; ) {
    const isUnfit = unfit() !== undefined
    const look = await transact(gateway, { compare: [], changes: [], asked: [keys.master] }, answerLimitMs)
    if (look.ok) {
      const held = look.value.found.get(keys.master)
      const master = held && masterIn(held.value)
      saw(master?.machine === self.machine ? undefined : master)
      if (held?.lease && master?.machine === self.machine) await revokeLease(gateway, held.lease)
      const term = held || isFirst || isUnfit ? undefined : await campaign(gateway, self, unfit)
      if (term) return term
      isFirst = false
    }
    await pause(electionTimes.lookEveryMs)
  }
}

/** Takes the lease, when nobody has it. */
async function campaign(gateway: Gateway, self: Master, unfit: () => string | undefined): Promise<Term | undefined> {
  const began = performance.now()
  const lease = await grantLease(gateway)
  if (!lease) return undefined
  while (isSure(leaseAskedAt(lease, began), performance.now())) {
    const compare = [{ key: keys.master, value: undefined }]
    const changes = [{ key: keys.master, value: electedAs(self), lease }]
    const vote = await transact(gateway, { compare, changes, asked: [keys.master] }, answerLimitMs)
    // Also when an earlier attempt, whose answer is missing, was successful.
    if (vote.ok && (vote.value.succeeded || vote.value.found.get(keys.master)?.lease === lease))
      return termOf(gateway, lease, began, unfit)
    if (vote.ok) break
    await pause(retryMs)
  }
  await revokeLease(gateway, lease)
  return undefined
}

function termOf(gateway: Gateway, name: string, askedAt: number, unfit: () => string | undefined): Term {
  let resigned = false
  let lease = leaseAskedAt(name, askedAt)
  async function keep(over: (why: string) => void): Promise<void> {
    for (let waitMs: number = electionTimes.renewEveryMs; ; ) {
      await pause(waitMs)
      const asked = performance.now()
      if (resigned) return
      const why = unfit()
      if (why !== undefined) {
        resigned = true
        await revokeLease(gateway, name)
        return over(why)
      }
      if (!isSure(lease, asked))
        return over('The lease of the master could not be renewed in time: etcd did not answer.')
      const renewed = await renewLease(gateway, name, renewLimitMs)
      if (resigned) return
      if (renewed === 'gone') return over('The lease of the master was lost: another fabric controller may be master.')
      if (renewed === 'renewed') lease = leaseAskedAt(name, asked)
      waitMs = renewed === 'renewed' ? electionTimes.renewEveryMs : retryMs
    }
  }
  return {
    holds: () => !resigned && isSure(lease, performance.now()),
    over: new Promise((over) => void keep(over)),
    async resign() {
      resigned = true
      await revokeLease(gateway, name)
    },
  }
}

/** What stands at the key of the master while that one has the lease. */
export function electedAs({ machine, url }: Master): string {
  return JSON.stringify({ machine, url })
}

/** Undefined for what no controller of ours wrote. */
function masterIn(text: string): Master | undefined {
  try {
    const { machine, url } = JSON.parse(text) as Partial<Record<keyof Master, unknown>>
    return typeof machine === 'string' && typeof url === 'string' ? { machine, url } : undefined
  } catch {
    return undefined
  }
}
