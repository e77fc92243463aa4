import type { EventRecord } from '../fabric/controller/state/records.ts'
import { parseInstanceId } from '../service-model/instance-id.ts'
import { firstMoment, type World } from './world.ts'

/** Prints what has happened, in the words of the controller's own history (T-2). */
export interface Narrator {
  /** What is new since the last call: one line for each thing that happened at one time to one or more subjects. */
  tell(): readonly string[]
}

export function narratorOf(world: World): Narrator {
  const { controller } = world
  let told = 0
  return {
    tell() {
      const state = controller.state()
      if (!state) return []
      const events: EventRecord[] = []
      // A restored store has a shorter history.
      told = Math.min(told, state.derived.lastEvent)
      for (; told < state.derived.lastEvent; told++) {
        const event = state.stored.event.get(String(told + 1).padStart(12, '0'))
        if (event) events.push(event)
      }
      const lines = Map.groupBy(events, (event) => `${timeOf(event.at)}\t${readable(world, wordsOf(event))}`)
      return [...lines].map(([key, alike]) => {
        const [time, words] = key.split('\t')
        return `${time}  ${listed(alike.map(({ subject }) => subject))}: ${words}`
      })
    },
  }
}

/** The text with the numbers of requests instead of their IDs. */
export function readable({ frontEnd }: World, text: string): string {
  const ids = [...frontEnd.requests().keys()]
  return text.replace(/(request |x-ms-requestid )([0-9a-f]{32})/g, (found, before: string, id: string) =>
    ids.includes(id) ? `${before}${ids.indexOf(id) + 1}` : found,
  )
}

/** `0:01:06.4` since the building began. */
export function timeOf(at: number): string {
  const tenths = Math.floor((at - firstMoment) / 100)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${Math.floor(tenths / 36_000)}:${two(Math.floor(tenths / 600) % 60)}:${two(Math.floor(tenths / 10) % 60)}.${tenths % 10}`
}

/** A change of status needs no other words; for other events the kind comes first. */
function wordsOf({ kind, reason }: EventRecord): string {
  return reason.includes(' → ') || reason.startsWith(kind) ? reason : `${kind}, ${reason}`
}

/** `Web_IN_0 to 3, Web_IN_5, Worker_IN_0`. */
export function listed(subjects: readonly string[]): string {
  const plain = [...new Set(subjects.filter((subject) => !parseInstanceId(subject)))]
  const instances = [...new Set(subjects)].flatMap((subject) => parseInstanceId(subject) ?? [])
  const roles = Map.groupBy(instances, ({ role }) => role)
  return [
    ...plain,
    ...[...roles].flatMap(([role, found]) =>
      ranges(
        role,
        found.map(({ index }) => index),
      ),
    ),
  ].join(', ')
}

function ranges(role: string, indices: readonly number[]): readonly string[] {
  const runs: { first: number; last: number }[] = []
  for (const index of indices.toSorted((a, b) => a - b)) {
    const run = runs.at(-1)
    if (run?.last === index - 1) run.last = index
    else runs.push({ first: index, last: index })
  }
  return runs.map(({ first, last }) => (first === last ? `${role}_IN_${first}` : `${role}_IN_${first} to ${last}`))
}
