import type { Instant } from '../kernel/instant.ts'
import type { VirtualClock } from './clock.ts'
import type { Random } from './random.ts'

/** How well the network works; shares are of all messages, both questions and answers. */
export interface Weather {
  readonly latencyMs: readonly [least: number, most: number]
  readonly lost: number
  readonly repeated: number
  /** Share of messages that come up to `lateMs` later, and so after messages that were sent later. */
  readonly late: number
  readonly lateMs: number
}

export const calm: Weather = { latencyMs: [1, 1], lost: 0, repeated: 0, late: 0, lateMs: 0 }
export const stormy: Weather = { latencyMs: [0, 40], lost: 0.02, repeated: 0.03, late: 0.03, lateMs: 4_000 }

export interface Question<Answer> {
  readonly from: string
  readonly to: string
  /** The caller gives up after it. */
  readonly limitMs: number
  /** Runs at the party that is asked, each time the question arrives. */
  serve(answer: (answer: Answer) => void): void
  /** Runs once at the party that asked; undefined when no answer came. */
  ended(answer: Answer | undefined): void
}

/** Carries questions and answers between parties, like HTTP: the party that asks does not learn that a question was lost. */
export interface Network {
  ask<Answer>(question: Question<Answer>): void
  setWeather(weather: Weather): void
  /** Nothing reaches a party, or leaves it, until it is joined again. */
  cut(party: string): void
  join(party: string): void
  isCut(party: string): boolean
  /** Nothing that one party sends reaches the other, until all is mended; the way back is another. */
  sever(from: string, to: string): void
  mendAll(): void
  /** True: what one party sends reaches the other, unless the weather loses it. */
  leads(from: string, to: string): boolean
  /** The party's process does not run: connections to it are refused, open ones are broken off. */
  down(party: string): void
  up(party: string): void
  runs(party: string): boolean
  /** The party's process is stopped: what reaches it waits until it goes on, and is forgotten when it ends (SIGSTOP). */
  hold(party: string): void
  /** It goes on. */
  release(party: string): void
  /** True: the party is present, but may be late with its work, because something else hinders it. */
  hamper(party: string, isHampered: boolean): void
  /** Whether it is, or was a moment ago: it is then still catching up. */
  isHampered(party: string): boolean
  /** For how long the network has been calm and all these parties present and not hampered, in milliseconds. */
  steadyFor(parties: readonly string[]): number
}

/** How long a refused commit may delay things afterwards (kernel/loop/refusals.ts), and a little more. */
const aftermathMs = 6_000

export function simulatedNetwork(clock: VirtualClock, random: Random): Network {
  let weather = calm
  let weatherSince = clock.now()
  const away = new Set<string>()
  const dead = new Set<string>()
  const hampered = new Set<string>()
  const severed = new Set<string>()
  const held = new Map<string, (() => void)[]>()
  const changedAt = new Map<string, Instant>()
  const unhamperedAt = new Map<string, Instant>()
  /** Questions that have arrived and have no answer yet, by the asked party. */
  const open = new Map<string, Set<() => void>>()

  const after = (delayMs: number, run: () => void) => clock.schedule(clock.now() + delayMs, run)
  const delay = () =>
    random.between(...weather.latencyMs) + (random.chance(weather.late) ? random.below(weather.lateMs) : 0)
  const apart = (from: string, to: string) =>
    away.has(from) || away.has(to) || (severed.size > 0 && severed.has(way(from, to)))
  const passes = (from: string, to: string) => !apart(from, to) && !random.chance(weather.lost)
  const move = (set: Set<string>, change: 'add' | 'delete', party: string) => {
    set[change](party)
    changedAt.set(party, clock.now())
  }

  function release(party: string): void {
    const queue = held.get(party) ?? []
    held.delete(party)
    for (const arrive of queue) arrive()
  }

  return {
    ask<Answer>({ from, to, limitMs, serve, ended }: Question<Answer>) {
      let over = false
      const giveUp = after(limitMs, () => end())
      const end = (answer?: Answer) => {
        if (over) return
        over = true
        giveUp()
        ended(answer)
      }
      const arrive = (first: boolean) => {
        if (apart(from, to)) return
        const queue = held.get(to)
        if (queue) return void queue.push(() => arrive(first))
        if (dead.has(to)) {
          if (first) after(delay(), () => end())
          return
        }
        const waiting = open.get(to) ?? new Set()
        open.set(to, waiting)
        const breakOff = () => void after(delay(), () => end())
        if (first) waiting.add(breakOff)
        serve((answer) => {
          if (!first || !waiting.delete(breakOff) || !passes(to, from)) return
          after(delay(), () => !apart(to, from) && end(answer))
        })
      }
      if (passes(from, to)) after(delay(), () => arrive(true))
      if (random.chance(weather.repeated)) after(delay() + delay(), () => arrive(false))
    },
    setWeather(next) {
      weather = next
      weatherSince = clock.now()
    },
    cut: (party) => move(away, 'add', party),
    join: (party) => move(away, 'delete', party),
    isCut: (party) => away.has(party),
    sever: (from, to) => void severed.add(way(from, to)),
    mendAll: () => severed.clear(),
    leads: (from, to) => !apart(from, to) && !dead.has(to),
    down(party) {
      move(dead, 'add', party)
      const broken = open.get(party) ?? []
      open.delete(party)
      for (const breakOff of broken) breakOff()
      release(party)
    },
    up: (party) => move(dead, 'delete', party),
    runs: (party) => !dead.has(party),
    hold: (party) => void (held.has(party) || held.set(party, [])),
    release,
    hamper(party, isHampered) {
      move(hampered, isHampered ? 'add' : 'delete', party)
      unhamperedAt.set(party, clock.now())
    },
    isHampered: (party) => hampered.has(party) || clock.now() < (unhamperedAt.get(party) ?? 0) + aftermathMs,
    steadyFor(parties) {
      if (weather !== calm || parties.some((party) => [away, dead, hampered].some((set) => set.has(party)))) return 0
      return clock.now() - Math.max(weatherSince, ...parties.map((party) => changedAt.get(party) ?? 0))
    },
  }
}

function way(from: string, to: string): string {
  return `${from} > ${to}`
}
