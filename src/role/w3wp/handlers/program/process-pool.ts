import type { Target } from './listening.ts'
import { liveThings } from './live-things.ts'
import { rapidFails } from './rapid-fails.ts'
import { openQueue } from './request-queue.ts'
import type { StartedProgram } from './start-program.ts'

/** A program that takes requests. */
export interface Instance {
  readonly target: Target
  readonly program: StartedProgram
}

/** Why no program takes a request. */
export interface StartFault {
  /** `unrunnable`: nothing was started; `ended`: it ended before it listened; `late`: it does not listen; `rapid`: it has failed too often; `busy`: all have as much as they may. */
  readonly kind: 'unrunnable' | 'ended' | 'late' | 'rapid' | 'busy'
  /** What was asked, what was found, what to do. */
  readonly sentence: string
  /** The last of what the program has written. */
  readonly written: string
}

export type Started =
  | { readonly ok: true; readonly instance: Instance }
  | { readonly ok: false; readonly fault: StartFault }

/** A program that has been given to a request, until that lets it go. */
export interface Lease extends Instance {
  /** `isSpent`: it is to take no other. */
  readonly release: (isSpent?: boolean) => void
}

export type Taken = { readonly ok: true; readonly lease: Lease } | { readonly ok: false; readonly fault: StartFault }

export interface PoolRules {
  readonly processes: number
  readonly requestsEach: number
  /** Requests one program takes before another takes its place; undefined: any number. */
  readonly requestsInAll?: number | undefined
  /** True: programs take turns; false: another is started only when all that run are busy. */
  readonly takeTurns: boolean
  /** Requests that wait while all are busy. */
  readonly queueLength: number
  /** Failures within a minute after which none is started for the rest of it; undefined: any number. */
  readonly rapidFailsPerMinute?: number | undefined
  /** How long a program that is to end may still answer its requests, and then how long it may take to end. */
  readonly drainLimitMs: number
  readonly stopLimitMs: number
  /** A program without requests for so long ends; undefined: never. */
  readonly idleMs?: number | undefined
}

/** Starts one, and resolves once it takes requests. `signal`: nobody wants it any more. */
type Start = (signal: AbortSignal) => Promise<Started>

export interface ProcessPool {
  readonly take: (signal: AbortSignal) => Promise<Taken>
  /** Running programs take no further request and end when they have answered; the next request starts another. */
  readonly recycle: () => void
  /** The same, and resolves when none of them is left. */
  readonly drain: () => Promise<void>
  /** Ends all at once, and resolves when none is left. */
  readonly close: () => Promise<void>
}

/** A place for one program. */
interface Place {
  starting?: Promise<Started> | undefined
  instance?: Instance | undefined
  active: number
  taken: number
  isRetired: boolean
  timer?: NodeJS.Timeout | undefined
  ending?: Promise<void> | undefined
}

/** The programs of one application: started when a request comes, started again when they have ended (I-31 to I-33). */
export function openPool(rules: PoolRules, start: Start): ProcessPool {
  const fails = rapidFails(rules.rapidFailsPerMinute)
  const queue = openQueue<Place>(rules.queueLength)
  /** Places whose program runs or is being started, those that another has replaced too. */
  const live = liveThings<Place>()
  const closing = new AbortController()
  let places = newPlaces(rules.processes)
  let turn = 0

  async function take(signal: AbortSignal): Promise<Taken> {
    const free = freePlace()
    const place = free ? reserve(free) : await queue.wait(signal)
    if (!place)
      return refuse('busy', `All ${rules.processes} processes of the application have as many requests as they may.`)
    const started = await instanceOf(place)
    if (!started.ok) {
      release(place)
      return started
    }
    const letGo = (isSpent: boolean) => {
      if (isSpent) retire(place)
      release(place)
    }
    return { ok: true, lease: leaseOf(started.instance, letGo) }
  }

  function reserve(place: Place): Place {
    if (place.active === 0) clearTimeout(place.timer)
    place.active += 1
    place.taken += 1
    return place
  }

  function freePlace(): Place | undefined {
    const free = places.filter(({ active }) => active < rules.requestsEach)
    if (!rules.takeTurns) return free.find(({ instance }) => instance) ?? free[0]
    turn += 1
    return free[turn % free.length]
  }

  async function instanceOf(place: Place): Promise<Started> {
    if (place.instance) return { ok: true, instance: place.instance }
    if (!place.starting && fails.areTooMany())
      return refuse(
        'rapid',
        `The application's program has failed more than ${rules.rapidFailsPerMinute} times within a minute, and is not started for the rest of it; see what it has written.`,
      )
    place.starting ??= begin(place)
    return place.starting
  }

  async function begin(place: Place): Promise<Started> {
    live.add(place)
    const started = await start(closing.signal).catch((error: Error) => refuse('unrunnable', error.message))
    place.starting = undefined
    if (!started.ok) {
      fails.add()
      live.delete(place)
      return started
    }
    const { instance } = started
    place.instance = instance
    void instance.program.exited.then(() => {
      if (place.instance !== instance) return
      fails.add()
      place.instance = undefined
      live.delete(place)
    })
    return started
  }

  function release(place: Place): void {
    place.active -= 1
    if (rules.requestsInAll !== undefined && place.taken >= rules.requestsInAll) retire(place)
    if (place.isRetired && place.active === 0) end(place)
    const next = queue.isEmpty() ? undefined : freePlace()
    if (next) queue.give(reserve(next))
    if (place.isRetired || place.active > 0 || rules.idleMs === undefined) return
    place.timer = setTimeout(() => retire(place), rules.idleMs).unref()
  }

  /** Another takes its place; it ends when it has answered. */
  function retire(place: Place): void {
    if (place.isRetired) return
    place.isRetired = true
    places = places.map((one) => (one === place ? newPlace() : one))
    clearTimeout(place.timer)
    if (place.active === 0) end(place)
    else place.timer = setTimeout(() => end(place), rules.drainLimitMs).unref()
  }

  function end(place: Place): void {
    clearTimeout(place.timer)
    place.ending ??= stop(place).finally(() => live.delete(place))
  }

  async function stop(place: Place): Promise<void> {
    await place.starting
    const { instance } = place
    place.instance = undefined
    await instance?.program.stop(rules.stopLimitMs)
  }

  function recycle(): void {
    for (const place of places) if (live.has(place)) retire(place)
  }

  function drain(): Promise<void> {
    recycle()
    return live.gone()
  }

  async function close(): Promise<void> {
    closing.abort()
    places = []
    for (const place of live) {
      place.isRetired = true
      end(place)
    }
    await live.gone()
  }

  return { take, recycle, drain, close }
}

/** A lease that is released once, even when that is called several times. */
function leaseOf(instance: Instance, letGo: (isSpent: boolean) => void): Lease {
  let isReleased = false
  return {
    ...instance,
    release(isSpent = false) {
      if (!isReleased) letGo(isSpent)
      isReleased = true
    },
  }
}

const newPlace = (): Place => ({ active: 0, taken: 0, isRetired: false })
const newPlaces = (count: number): readonly Place[] => Array.from({ length: count }, newPlace)

function refuse(kind: StartFault['kind'], sentence: string) {
  return { ok: false, fault: { kind, sentence, written: '' } } as const
}
