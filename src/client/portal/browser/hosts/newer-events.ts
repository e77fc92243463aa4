import type { ServiceManagement } from '../../../service-management/service-management.ts'

type Event = Awaited<ReturnType<ServiceManagement['events']>>[number]

/** Most events that a page keeps: the newest. Origin: choice. */
const keptEvents = 5_000

/** Events with those that came since, oldest first. An answer holds only so many, so it is asked until there are no more. */
export async function withNewer(
  known: readonly Event[],
  ask: (after: number) => Promise<readonly Event[]>,
): Promise<readonly Event[]> {
  const all = [...known]
  for (;;) {
    const page = await ask(all.at(-1)?.number ?? 0)
    if (page.length === 0) return all.length === known.length ? known : all.slice(-keptEvents)
    all.push(...page)
  }
}

export function newestFirst(events: readonly Event[], most: number): readonly Event[] {
  return events.slice(-most).toReversed()
}

/** `Drained: …`. News of the details alone begins with the status already. */
export function eventText({ kind, reason }: Event): string {
  return reason.startsWith(`${kind}: `) ? reason : `${kind}: ${reason}`
}
