import type { ServiceManagement } from '../service-management/service-management.ts'
import type { Progress, UpdateMode } from '../service-management/updates.ts'
import { watching } from './follow.ts'
import { type Change, isAtRest, updateEnds } from './follow-update.ts'
import { whereWords } from './standing.ts'
import { type Call, flag } from './verb.ts'

interface End {
  /** Whether the requested change has happened, once the operation has ended. */
  readonly isDone: (progress: Progress) => boolean
  /** The message then. */
  readonly done: string
  /** Further fields of the JSON answer. */
  readonly facts?: object
}

/**
 * The end of a verb that has begun an update: waits, unless `--no-wait`, until every instance is where `done` says, or, in
 * manual mode, until the first domain may be walked.
 */
export async function conclude(
  call: Call,
  fabric: ServiceManagement,
  change: Change,
  { isDone, done, facts }: End,
): Promise<void> {
  const { terminal } = call
  const { service, slot, operation } = change
  if (goesOnUnwatched(call, service, operation, facts)) return
  const { update, warnings } = await updateEnds(watching(call, fabric, service), change, isDone)
  terminal.warn(warnings)
  terminal.line(
    update ? `Nothing has moved yet. Walk the next domain with: reddog walk ${whereWords(service, slot)}` : done,
  )
  terminal.object({
    operation,
    ...facts,
    ...(update ? { nextDomain: update.domain } : {}),
    warnings: terminal.warned(),
  })
}

/** When an update of that mode has done its part: a manual one has as soon as it waits to be walked. */
export function isDoneIn(mode: UpdateMode): (progress: Progress) => boolean {
  return mode === 'Manual' ? () => true : isAtRest
}

/** Whether `--no-wait` was given; then the verb ends here, with the operation's ID, `facts`, and how to watch it. */
export function goesOnUnwatched(call: Call, service: string, operation: string, facts: object = {}): boolean {
  if (!flag(call, 'no-wait')) return false
  call.terminal.line(`Accepted as operation ${operation}. Watch it with: reddog status --service ${service} --watch`)
  call.terminal.object({ operation, ...facts, warnings: call.terminal.warned() })
  return true
}
