import {
  asksAgainAfterMs,
  asksFor,
  assured,
  type Candidacy,
  isSurelyMaster,
  standingBy,
} from '../../kernel/election.ts'
import type { MasterStore } from '../../kernel/store.ts'
import type { VirtualClock } from '../clock.ts'
import type { SimulatedEtcd } from '../etcd/etcd.ts'
import type { PausableClock } from '../pausable.ts'
import { againMs, keys, openEtcdStore, type Speaks } from './etcd-store.ts'

/** Why a candidate may not answer as master. */
export type Doubt =
  | { readonly kind: 'notMaster'; readonly master?: string | undefined }
  /** It has the store, and does not know whether it still has the lease. */
  | { readonly kind: 'busy' }

/** What a candidate says to who asks it. */
export type Reply<Answer> = { readonly kind: 'said'; readonly answer: Answer } | Doubt

/** The way of a process to the store, and its right to it. */
export interface Standing {
  /** Undefined: it may answer now. */
  doubt(): Doubt | undefined
  /** For how long the store has not answered a batch, in milliseconds. */
  storeSilentMs(): number
  /** It answers nobody any more, and gives the lease back; `ended` is called when it is given back, or nobody answers. */
  resign(ended: () => void): void
  /** The process has ended. */
  stop(): void
}

interface StandParts {
  readonly name: string
  readonly etcd: SimulatedEtcd
  /** Is never set, and goes on while the process is stopped. */
  readonly steady: Pick<VirtualClock, 'now'>
  readonly own: PausableClock
  around: Speaks['around']
  wrote: Speaks['wrote']
  opened(store: MasterStore): void
  /** The process must end: the lease is over. */
  lost(reason: string): void
}

/** Stands for election until it has the store, then keeps the lease. */
export function stand({ name, etcd, steady, own, around, wrote, opened, lost }: StandParts): Standing {
  let candidacy: Candidacy = standingBy
  let isOver = false
  let hasResigned = false
  let store: MasterStore | undefined
  let silentSince: number | undefined
  const speaks: Speaks = {
    ask: (run, ended) =>
      etcd.ask({ from: name, run, ended: (answer) => own.whenRunning(() => isOver || ended(answer)) }),
    after: (ms, run) => void own.schedule(own.now() + ms, () => isOver || run()),
    around,
    wrote,
  }
  const goOn = (run: () => void) => speaks.after(asksAgainAfterMs(candidacy), run)

  /** Whether another is master; else this one stands. */
  function look(): void {
    speaks.ask(
      (kept) => kept.get(keys.master) ?? '',
      (found) => {
        if (found === undefined || found === 'refused') return speaks.after(againMs, look)
        candidacy = { ...candidacy, master: found === '' ? undefined : found.split(' ')[1] }
        if (found === '') campaign()
        else goOn(look)
      },
    )
  }

  function campaign(): void {
    const sentAt = steady.now()
    speaks.ask(
      (kept) => kept.grant(),
      (lease) => {
        if (lease === undefined || lease === 'refused') return goOn(look)
        const mine = `${lease} ${name}`
        const won = { when: [[keys.master, undefined]], writes: [[keys.master, mine]], lease } as const
        speaks.ask(
          (kept) => kept.transact(won) || kept.get(keys.master) === mine,
          (isWon) => (isWon === true ? win(lease, mine, sentAt) : goOn(look)),
        )
      },
    )
  }

  function win(lease: string, mine: string, sentAt: number): void {
    candidacy = assured({ ...candidacy, master: name }, lease, sentAt)
    goOn(() => keepLease(lease, mine))
    openEtcdStore(speaks, mine, (found) => {
      if (!found) return lost('the lease was over before the store was open.')
      store = timed(found)
      opened(store)
    })
  }

  function keepLease(lease: string, mine: string): void {
    if (hasResigned) return
    if (asksFor(candidacy, steady.now()) === 'renewal') renew(lease)
    else
      speaks.ask(
        (kept) => kept.get(keys.master) === mine,
        (isMine) => {
          if (isMine === true) renew(lease)
          else if (isMine === false) lost('another may be master.')
        },
      )
    goOn(() => keepLease(lease, mine))
  }

  function renew(lease: string): void {
    const sentAt = steady.now()
    speaks.ask(
      (kept) => kept.renew(lease),
      (lives) => {
        if (lives === true) candidacy = assured(candidacy, lease, sentAt)
        else if (lives === false && !hasResigned) lost('the lease is over.')
      },
    )
  }

  /** The store, and since when it has not answered. */
  function timed(found: MasterStore): MasterStore {
    const noted =
      <Answer>(answered: (answer: Answer) => void) =>
      (answer: Answer) => {
        silentSince = undefined
        answered(answer)
      }
    const begin = <Value>(run: () => Value): Value => {
      silentSince = steady.now()
      return run()
    }
    return {
      ...found,
      raise: (epoch, answered) => begin(() => found.raise(epoch, noted(answered))),
      commit: (batch, answered) => begin(() => found.commit(batch, noted(answered))),
    }
  }

  look()
  return {
    doubt() {
      if (!store || hasResigned)
        return { kind: 'notMaster', master: candidacy.master === name ? undefined : candidacy.master }
      return isSurelyMaster(candidacy, steady.now()) ? undefined : { kind: 'busy' }
    },
    storeSilentMs: () => (silentSince === undefined ? 0 : steady.now() - silentSince),
    resign(ended) {
      hasResigned = true
      const { held } = candidacy
      if (!held) return ended()
      speaks.ask((kept) => {
        kept.revoke(held.lease)
        return true
      }, ended)
    },
    stop() {
      isOver = true
    },
  }
}
