import { setTimeout as delay } from 'node:timers/promises'
import { isoSeconds } from '../../../kernel/instant.ts'
import { openServiceManagement, type ServiceManagement } from '../service-management.ts'
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
    for (let after = 0; ; ) {
      const found = await newEvents(fabric, option(call, 'service'), after)
      for (const { number, time, subject, kind, reason } of found) {
        terminal.object({ number, time: isoSeconds(time), subject, kind, reason })
        terminal.line(`${isoSeconds(time)}  ${subject}  ${kind}: ${reason}`)
      }
      after = found.at(-1)?.number ?? after
      if (!flag(call, 'follow')) return
      await delay(followPollMs, undefined, { signal })
    }
  },
}

/** Of one service, or of all and of the hosts, in the order in which things happened. */
async function newEvents(fabric: ServiceManagement, service: string | undefined, after: number) {
  const names = service === undefined ? [...(await fabric.services()).map(({ name }) => name), undefined] : [service]
  const found = await Promise.all(names.map((name) => fabric.events(name, after)))
  return found.flat().toSorted((a, b) => a.number - b.number)
}
