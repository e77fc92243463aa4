import { watching } from './follow.ts'
import { type Change, isAtRest, updateEnds, whereWords } from './follow-update.ts'
import type { ServiceManagement } from './service-management.ts'
import { type Call, flag } from './verb.ts'

/**
 * The end of a verb that has begun an update: waits, unless `--no-wait`, until every instance is where `done` says, or, in
 * manual mode, until the first domain may be walked.
 */
export async function conclude(
  call: Call,
  fabric: ServiceManagement,
  change: Change,
  { isManual, done }: { readonly isManual: boolean; readonly done: string },
): Promise<void> {
  const { terminal } = call
  const { service, slot, operation } = change
  if (flag(call, 'no-wait')) {
    terminal.line(`Accepted as operation ${operation}. Watch it with: reddog status --service ${service} --watch`)
    terminal.object({ operation })
    return
  }
  const { update } = await updateEnds(watching(call, fabric, service), change, isManual ? () => true : isAtRest)
  terminal.line(
    update ? `Nothing has moved yet. Walk the next domain with: reddog walk ${whereWords(service, slot)}` : done,
  )
  terminal.object({ operation, ...(update ? { nextDomain: update.domain } : {}) })
}
