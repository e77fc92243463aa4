import { electionTimes, isSure, type Lease, leaseAskedAt, storeSilenceMs } from '../../kernel/election.ts'
import type { MasterStore } from '../../kernel/store.ts'
import { keys } from '../../machine/store/etcd/keys.ts'
import type { VirtualClock } from '../clock.ts'
import type { SimulatedEtcd } from '../etcd/etcd.ts'
import type { PausableClock } from '../pausable.ts'
import { openEtcdStore, type Speaks } from './etcd-store.ts'

/** Why a candidate may not answer as master. */
export type Doubt =
  | { readonly kind: 'notMaster'; readonly master?: string | undefined }
  /** Its store is silent, or its lease may be over. */
  | { readonly kind: 'busy' }

/** What a candidate says to who asks it. */
export type Reply<Answer> = { readonly kind: 'said'; readonly answer: Answer } | Doubt

/** The way of a process to the store, and its right to it. */
export interface Standing {
  /** Undefined: it may answer now. */
  doubt(): Doubt | undefined
  /** The store has not answered for so long that what waits for it is refused. */
  isSilent(): boolean
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

/** For one look, vote or renewal, in milliseconds, and after a renewal that failed; as machine/store/etcd/election.ts. */
const limits = { answerMs: 1_000, renewalMs: 500, againMs: 50 } as const

/** Stands for election until it has the store, then keeps the lease. */
export function stand({ name, etcd, steady, own, around, wrote, opened, lost }: StandParts): Standing {
  let lease: Lease | undefined
  let master: string | undefined
  let store: MasterStore | undefined
  let answeredAt = steady.now()
  let isOver = false
  let hasResigned = false
  const speaks: Speaks = {
    ask: (limitMs, run, ended) =>
      etcd.ask({
        from: name,
        limitMs,
        run,
        ended: (answer) =>
          own.whenRunning(() => {
            if (isOver) return
            if (answer !== undefined) answeredAt = steady.now()
            ended(answer)
          }),
      }),
    after: (ms, run) => void own.schedule(own.now() + ms, () => isOver || run()),
    around,
    wrote,
  }
  const lookAgain = () => speaks.after(electionTimes.lookEveryMs, look)

  /** Whether another is master; else this one stands. The lease of a former process of this machine is ended. */
  function look(): void {
    speaks.ask(
      limits.answerMs,
      (kept) => kept.get(keys.master) ?? '',
      (found) => {
        if (found === undefined || found === 'refused') return lookAgain()
        const [held = '', holder] = found.split(' ')
        master = holder === name ? undefined : holder
        if (found === '') return campaign()
        if (holder === name) speaks.ask(limits.answerMs, (kept) => (kept.revoke(held), true), lookAgain)
        else lookAgain()
      },
    )
  }

  function campaign(): void {
    const askedAt = steady.now()
    speaks.ask(
      limits.answerMs,
      (kept) => kept.grant(),
      (granted) => {
        if (granted === undefined || granted === 'refused') return lookAgain()
        const mine = `${granted} ${name}`
        const vote = {
          compare: [{ key: keys.master, value: undefined }],
          changes: [{ key: keys.master, value: mine, lease: granted }],
          asked: [],
        }
        speaks.ask(
          limits.answerMs,
          (kept) => kept.transact(vote).succeeded || kept.get(keys.master) === mine,
          (isWon) => (isWon === true ? win(granted, mine, askedAt) : lookAgain()),
        )
      },
    )
  }

  function win(granted: string, mine: string, askedAt: number): void {
    lease = leaseAskedAt(granted, askedAt)
    speaks.after(electionTimes.renewEveryMs, () => renew(granted))
    const begin = (found: MasterStore) => {
      store = found
      opened(found)
    }
    openEtcdStore(speaks, mine, begin, lost)
  }

  function renew(granted: string): void {
    const askedAt = steady.now()
    if (hasResigned) return
    if (!lease || !isSure(lease, askedAt)) return lost('the lease could not be renewed in time.')
    speaks.ask(
      limits.renewalMs,
      (kept) => kept.renew(granted),
      (lives) => {
        if (hasResigned) return
        if (lives === false) return lost('the lease is over.')
        if (lives === true) lease = leaseAskedAt(granted, askedAt)
        speaks.after(lives === true ? electionTimes.renewEveryMs : limits.againMs, () => renew(granted))
      },
    )
  }

  look()
  return {
    doubt() {
      if (!store || hasResigned) return { kind: 'notMaster', master }
      return lease && isSure(lease, steady.now()) ? undefined : { kind: 'busy' }
    },
    isSilent: () => steady.now() - answeredAt >= storeSilenceMs,
    resign(ended) {
      hasResigned = true
      if (lease === undefined) return ended()
      const { name: held } = lease
      speaks.ask(limits.answerMs, (kept) => (kept.revoke(held), true), ended)
    },
    stop() {
      isOver = true
    },
  }
}
