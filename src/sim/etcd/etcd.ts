import type { VirtualClock } from '../clock.ts'
import { type StoreWeather, soundStore } from '../memory-store.ts'
import type { Network } from '../network.ts'
import type { Random } from '../random.ts'
import { type KeyValues, keyValues } from './key-values.ts'

/** How long one member is given to answer, in milliseconds. */
const tryMs = 2_000

/** The longest time after which a member without an answer has done what it was asked, in milliseconds. */
const lateMs = 20_000

/** `undefined`: nobody has answered, and it may be done, or may still be done. */
type Ended<Answer> = (answer: Answer | 'refused' | undefined) => void

/** What is asked of etcd; it may be done more than once, as a question on the network may arrive more than once. */
export interface EtcdQuestion<Answer> {
  readonly from: string
  /** Undefined: who asks has died of it. */
  run(kept: KeyValues): Answer | undefined
  ended: Ended<Answer>
}

/** Members of etcd, one on each machine of a candidate; a member answers when it can talk with a majority, in both directions. */
export interface SimulatedEtcd {
  /** Asks one member after the other, each once: first the one that answered this party last, or the nearest. */
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
  const answeredLast = new Map<string, string>()
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

  function ask<Answer>({ from, run, ended }: EtcdQuestion<Answer>): void {
    const first = answeredLast.get(from) ?? nearest(from)
    const order = first === undefined ? members : [first, ...members.filter((member) => member !== first)]
    const next = (at: number): void => {
      const to = order[at]
      if (to === undefined) return ended(undefined)
      network.ask<Answer | 'refused'>({
        from,
        to,
        limitMs: tryMs,
        serve: (answer) => {
          if (agrees(to)) carryOut(() => run(kept), answer)
        },
        ended(answer) {
          if (answer === undefined) return next(at + 1)
          answeredLast.set(from, to)
          ended(answer)
        },
      })
    }
    next(0)
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
