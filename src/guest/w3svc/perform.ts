import { systemWords } from '../../kernel/system-words.ts'
import type { W3svcAction } from './action.ts'
import type { W3svcFacilities } from './facilities.ts'
import type { W3svcOutcome } from './settle.ts'

type Effects = {
  readonly [Kind in W3svcAction['kind']]: (action: Extract<W3svcAction, { kind: Kind }>) => Promise<W3svcOutcome>
}

const done: W3svcOutcome = { kind: 'done' }

/** The table from an action's kind to its effect. */
export function performWith(facilities: W3svcFacilities): (action: W3svcAction) => Promise<W3svcOutcome> {
  const { log } = facilities
  const effects: Effects = {
    async start({ pool, reason }) {
      try {
        const started = facilities.start(pool)
        log(`w3wp ${started.pid} is started for application pool '${pool}': ${reason}`)
        return { kind: 'started', ...started }
      } catch (error) {
        return { kind: 'failed', message: systemWords(error) }
      }
    },
    async retire({ process }) {
      // Nobody waits for it here: the limit of its time is decided.
      void facilities.idle(process).then(() => facilities.stop(process))
      return done
    },
    async kill({ pool, process, reason }) {
      log(`A w3wp of application pool '${pool}' is killed: ${reason}`)
      facilities.kill(process)
      return done
    },
    look: async ({ process }) => ({ kind: 'looked', idleSince: facilities.idleSince(process) }),
    async tell({ events }) {
      for (const { id, text } of events) facilities.event(id, text)
      return done
    },
  }
  return (action) => (effects[action.kind] as (action: W3svcAction) => Promise<W3svcOutcome>)(action)
}
