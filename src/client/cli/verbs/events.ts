import { setTimeout as delay } from 'node:timers/promises'
import { isoSeconds } from '../../../kernel/instant.ts'
import { openServiceManagement, type ServiceManagement } from '../../service-management/service-management.ts'
import { flag, option, type Verb } from '../verb.ts'

/** How often `--follow` asks. */
const followPollMs = 500

export const events: Verb = {
  name: 'events',
  form: '[--service NAME] [--follow]',
  about: 'Says what happened and why, oldest first.',
  options: { service: { type: 'string' }, follow: { type: 'boolean' } },
  words: [0, 0],
  async run(call) {
    const { terminal, signal } = call
    const fabric = openServiceManagement(call.api())
    const seen = new Map<string | undefined, number>()
    for (;;) {
      const found = await newEvents(fabric, option(call, 'service'), seen)
      for (const { number, time, subject, kind, reason } of found) {
        terminal.object({ number, time: isoSeconds(time), subject, kind, reason })
        // News of the details alone begins with the status already.
        const what = reason.startsWith(`${kind}: `) ? reason : `${kind}: ${reason}`
        terminal.line(`${isoSeconds(time)}  ${subject}  ${what}`)
      }
      if (!flag(call, 'follow')) return
      await delay(followPollMs, undefined, { signal })
    }
  },
}

/** Of one service, or of all and of the hosts (undefined), in the order in which things happened; `seen` are the last numbers. */
async function newEvents(
  fabric: ServiceManagement,
  service: string | undefined,
  seen: Map<string | undefined, number>,
) {
  const names = service === undefined ? [...(await fabric.services()).map(({ name }) => name), undefined] : [service]
  const found = await Promise.all(names.map((name) => eventsAfter(fabric, name, seen)))
  return found.flat().toSorted((a, b) => a.number - b.number)
}

/** Page by page: an answer holds only so many. */
async function eventsAfter(fabric: ServiceManagement, name: string | undefined, seen: Map<string | undefined, number>) {
  const all: Awaited<ReturnType<ServiceManagement['events']>>[number][] = []
  for (;;) {
    const page = await fabric.events(name, seen.get(name) ?? 0)
    const last = page.at(-1)
    if (!last) return all
    all.push(...page)
    seen.set(name, last.number)
  }
}
