import type { VirtualClock } from '../clock.ts'
import { type StoreWeather, soundStore } from '../memory-store.ts'
import type { Network } from '../network.ts'
import type { Random } from '../random.ts'
import { type KeyValues, keyValues } from './key-values.ts'

/** The longest time after which a member without an answer has done what it was asked, in milliseconds. */
const lateMs = 20_000

/** `undefined`: nobody has answered, and it may be done, or may still be done. */
type Ended<Answer> = (answer: Answer | 'refused' | undefined) => void

/** What is asked of etcd; it may be done more than once, as a question on the network may arrive more than once. */
export interface EtcdQuestion<Answer> {
  readonly from: string
  /** How long the member is given to answer, in milliseconds. */
  readonly limitMs: number
  /** Undefined: who asks has died of it. */
  run(kept: KeyValues): Answer | undefined
  ended: Ended<Answer>
}

/** Members of etcd, one on each machine of a candidate; a member answers when it can talk with a majority, in both directions. */
export interface SimulatedEtcd {
  /** Asks one member, first the nearest, and the next one after a failure: who asks again, asks another (machine/store/etcd/gateway.ts). */
  ask<Answer>(question: EtcdQuestion<Answer>): void
  readonly kept: KeyValues
  readonly members: readonly string[]
  hasQuorum(): boolean
  /** To be called when parties were cut off, joined, ended or started. */
  look(): void
  setWeather(weather: StoreWeather): void
}

export function simulatedEtcd({
  clock,
  network,
  random,
  members,
  nearest,
}: {
  readonly clock: VirtualClock
  readonly network: Network
  readonly random: Random
  readonly members: readonly string[]
  /** The member on the machine of that party. */
  nearest(party: string): string | undefined
}): SimulatedEtcd {
  const kept = keyValues(clock.now)
  let weather = soundStore
  /** How often each party has moved on to the next member. */
  const turns = new Map<string, number>()
  const after = (ms: number, run: () => void) => void clock.schedule(clock.now() + ms, run)
  const talk = (one: string, other: string) => network.leads(one, other) && network.leads(other, one)
  const agrees = (member: string) =>
    members.filter((other) => (other === member ? network.leads(member, member) : talk(member, other))).length >
    members.length / 2
  const hasQuorum = () => members.some(agrees)

  /** As the weather allows. */
  function carryOut<Answer>(run: () => Answer | undefined, answer: (answer: Answer | 'refused') => void): void {
    const done = () => {
      const said = run()
      if (said !== undefined) answer(said)
    }
    if (weather === soundStore) return done()
    const ms = random.between(...weather.answerMs)
    if (random.chance(weather.refused)) after(ms, () => answer('refused'))
    else if (random.chance(weather.unanswered)) {
      if (random.chance(0.5)) after(random.below(lateMs), () => void run())
    } else after(ms, done)
  }

  function ask<Answer>({ from, limitMs, run, ended }: EtcdQuestion<Answer>): void {
    const turn = turns.get(from) ?? 0
    turns.set(from, turn)
    const first = Math.max(0, members.indexOf(nearest(from) ?? ''))
    const to = members[(first + turn) % members.length] ?? ''
    network.ask<Answer | 'refused'>({
      from,
      to,
      limitMs,
      serve: (answer) => {
        if (agrees(to)) carryOut(() => run(kept), answer)
      },
      ended(answer) {
        if (answer === undefined && turns.get(from) === turn) turns.set(from, turn + 1)
        ended(answer)
      },
    })
  }

  return {
    ask,
    kept,
    members,
    hasQuorum,
    look: () => kept.setQuorum(hasQuorum()),
    setWeather(next) {
      weather = next
    },
  }
}
