import type { MasterStore, StoreAnswer, Write } from '../kernel/store.ts'
import type { VirtualClock } from './clock.ts'
import { type PlanOfDeath, planOfDeath } from './plan-of-death.ts'
import type { Random } from './random.ts'

/** How well the store works; shares are of all batches. */
export interface StoreWeather {
  /** How long an answer takes; at most 0: it comes at once. */
  readonly answerMs: readonly [least: number, most: number]
  readonly refused: number
  /** Share of batches without an answer. Half of them are stored nevertheless, sooner or later. */
  readonly unanswered: number
}

export const soundStore: StoreWeather = { answerMs: [0, 0], refused: 0, unanswered: 0 }

/** The process that opens the store. */
export interface Opener {
  /** Its messages are taken in now, or when it goes on. */
  whenRunning(run: () => void): void
  /** Its planned death at a write. */
  died(error: unknown): void
}

/** The records of a fabric, which outlive every master that opens them. */
export interface Vault {
  /** Opens the records for a new master; absent where candidates stand for election first. */
  open?(opener: Opener): MasterStore
  /** The value stored under the key, as text; undefined when there is none. */
  stored(key: string): string | undefined
  /** How well the store works from now on. */
  setWeather(weather: StoreWeather): void
  /** True: nothing can be stored. */
  refusesAll(): boolean
  /** Makes a copy of everything as it is now, replacing an earlier one. */
  backUp(): void
  /** Replaces everything by the copy; false when there is none. */
  restore(): boolean
  /** A write is one batch. */
  readonly death: PlanOfDeath
}

export interface MemoryVault extends Vault {
  /** The master that had the records open before can no longer commit. */
  open(opener: Opener): MasterStore
}

/** After what time a store is taken not to answer, in milliseconds. */
const unansweredMs = 10_000

const superseded: StoreAnswer = { outcome: 'superseded', reason: 'the store belongs to a newer master.' }

/** The store port in memory. Records are stored as text, as in a real store, so that only plain data survives. */
export function memoryVault(clock: VirtualClock, random: Random): MemoryVault {
  let records = new Map<string, string>()
  let copy: { readonly records: ReadonlyMap<string, string>; readonly epoch: number } | undefined
  let weather = soundStore
  const death = planOfDeath()
  let epoch = 0
  const write = ({ key, value }: Write) => {
    if (value === undefined) records.delete(key)
    else records.set(key, JSON.stringify(value))
  }

  /** Has the transaction carried out as the weather allows; `carryOut` returns nothing when the process dies of it. */
  function pass(
    opener: Opener,
    carryOut: () => StoreAnswer | undefined,
    answered: (answer: StoreAnswer) => void,
  ): void {
    const answer = (said: StoreAnswer | undefined) => said && answered(said)
    if (weather === soundStore) return answer(carryOut())
    const after = (ms: number, run: () => void) => clock.schedule(clock.now() + ms, run)
    const answerAfter = (ms: number, say: () => StoreAnswer | undefined) =>
      after(ms, () => opener.whenRunning(() => answer(say())))
    const ms = random.between(...weather.answerMs)
    if (random.chance(weather.refused))
      answerAfter(ms, () => ({ outcome: 'refused', reason: 'the store is out of sorts.' }))
    else if (random.chance(weather.unanswered)) {
      if (random.chance(0.5)) after(random.below(2 * unansweredMs), carryOut)
      answerAfter(unansweredMs, () => ({ outcome: 'unknown', reason: 'the store does not answer.' }))
    } else {
      let said: StoreAnswer | undefined
      after(random.below(ms + 1), () => {
        said = carryOut()
      })
      answerAfter(ms, () => said)
    }
  }

  return {
    death,
    stored: (key) => records.get(key),
    setWeather(next) {
      weather = next
    },
    refusesAll: () => weather.refused === 1,
    open(opener) {
      let own = ++epoch
      const opened = records
      const transaction = (change: () => void, answered: (answer: StoreAnswer) => void) =>
        pass(
          opener,
          () => {
            if (own !== epoch || opened !== records) return superseded
            try {
              death.around(change)
              return { outcome: 'stored' }
            } catch (error) {
              opener.died(error)
              return undefined
            }
          },
          answered,
        )
      return {
        epoch: () => own,
        raise(higher, answered) {
          transaction(() => {
            own = epoch = higher
          }, answered)
        },
        load: () =>
          [...records].sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, text]) => [key, JSON.parse(text)]),
        commit(batch, answered) {
          transaction(() => batch.forEach(write), answered)
        },
        close() {},
      }
    },
    backUp() {
      copy = { records: new Map(records), epoch }
    },
    restore() {
      if (!copy) return false
      records = new Map(copy.records)
      epoch = copy.epoch
      return true
    },
  }
}
