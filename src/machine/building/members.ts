import { setTimeout as delay } from 'node:timers/promises'
import type { Timers } from '../../kernel/timers.ts'
import { exitText, signalProcess } from '../process.ts'
import { byTitle } from './by-title.ts'
import type { Places } from './data-directory.ts'
import { endProgram, type Launch, launch, serving } from './launch.ts'
import type { Member } from './member.ts'
import { sentenceOf } from './sentence.ts'

export interface Members {
  /** Stops them, or some of them, bottom to top, those of one title together, each by its own stop signal. Resolves when these have ended. */
  stop(isMeant?: (member: Member) => boolean): Promise<void>
}

export interface MembersParts {
  readonly places: Places
  readonly timers: Timers
  /** Ends the start; what was started then is stopped. */
  readonly signal: AbortSignal
  /** Takes one line for everything worth telling. */
  readonly say: (line: string) => void
}

interface Kept {
  readonly member: Member
  readonly place: number
  /** Aborts when it is not to be started again. */
  readonly ending: AbortController
  current: Launch
  kept: Promise<void>
}

/**
 * Starts the members top to bottom, each when the one above serves. A member that ends is started again at once, more slowly when
 * it ends again and again (with the ladder of U-37's recycle delays). Rejects with one sentence when a member does not begin to
 * serve: those that this call started are ended, adopted ones go on.
 */
export async function runMembers(members: readonly Member[], parts: MembersParts): Promise<Members> {
  let entries: readonly Kept[] = []
  try {
    for (const member of members) {
      parts.signal.throwIfAborted()
      const current = await launch(member, entries.length, parts.places)
      const ending = new AbortController()
      const entry: Kept = { member, place: entries.length, ending, current, kept: Promise.resolve() }
      entries = [...entries, entry]
      const serves = await serving(member, parts.places, current)
      const word = serves ? (current.adopted ? 'still runs' : 'is up') : 'looks for a controller'
      parts.say(`${member.name} ${word}`)
      // After a request to end nothing is started again, even if the start has not finished yet.
      entry.kept = keep(entry, parts, AbortSignal.any([ending.signal, parts.signal]))
    }
  } catch (error) {
    for (const { ending } of entries) ending.abort()
    await end(
      entries.filter(({ current }) => !current.adopted),
      ({ failedSignal }) => failedSignal ?? 'SIGTERM',
    )
    throw error
  }
  let stopped = Promise.resolve()
  return {
    stop(isMeant = () => true) {
      const meant = entries.filter(({ member }) => isMeant(member))
      entries = entries.filter((entry) => !meant.includes(entry))
      for (const { ending } of meant) ending.abort()
      stopped = stopped.catch(() => {}).then(() => stopInOrder(meant, parts))
      return stopped
    },
  }
}

async function stopInOrder(entries: readonly Kept[], { places, say }: MembersParts): Promise<void> {
  for (const group of byTitle(inOrderOfLeaving(entries), ({ member }) => member.title)) {
    await end(group, ({ stopSignal }) => stopSignal)
    for (const { member } of group) if (member.runs) await endProgram(member.runs, places)
    say(`${group.map(({ member }) => member.name).join(', ')} stopped`)
  }
}

/** Top first, but before all others what somebody elsewhere goes on with at once. */
function inOrderOfLeaving(entries: readonly Kept[]): readonly Kept[] {
  const topFirst = entries.toReversed()
  const first = new Set(topFirst.filter(({ member }) => member.stopsFirst?.()))
  return [...first, ...topFirst.filter((entry) => !first.has(entry))]
}

/** Starts a member again whenever it ends or cannot be started (a full disk passes), until `stopping`. */
async function keep(entry: Kept, { places, timers, say }: MembersParts, stopping: AbortSignal): Promise<void> {
  for (let failures = 0; ; ) {
    const since = performance.now()
    const exit = await entry.current.process.exited
    if (stopping.aborted) return
    if (performance.now() - since >= timers.crashResetAfter) failures = 0
    for (let trouble: string | undefined = `ended with ${exitText(exit)}`; trouble !== undefined; ) {
      const delayMs = timers.recycleDelays[Math.min(failures++, timers.recycleDelays.length - 1)] ?? 0
      say(`${entry.member.name} ${trouble}; started again${delayMs ? ` in ${delayMs / 1000} s` : ''}`)
      await delay(delayMs, undefined, { signal: stopping }).catch(() => {})
      if (stopping.aborted) return
      trouble = await relaunch(entry, places)
      // A request to end that came meanwhile reached only the process before.
      if (stopping.aborted && trouble === undefined)
        signalProcess(entry.current.process.identity, entry.member.stopSignal)
    }
  }
}

/** Undefined when the member runs again, otherwise why it does not. */
async function relaunch(entry: Kept, places: Places): Promise<string | undefined> {
  try {
    entry.current = await launch(entry.member, entry.place, places)
    return undefined
  } catch (error) {
    return `cannot be started: ${sentenceOf(error)}`
  }
}

async function end(entries: readonly Kept[], signalOf: (member: Member) => NodeJS.Signals): Promise<void> {
  for (const { member, current } of entries) signalProcess(current.process.identity, signalOf(member))
  await Promise.all(entries.map(({ current, kept }) => Promise.all([current.process.exited, kept])))
}
