import { storeSilenceMs } from '../../kernel/election.ts'
import type { JsonAnswer, JsonRoute } from '../http/serve-json.ts'
import type { MasterRoute } from './office.ts'
import { withoutQuorum } from './refusals.ts'

/** What a master in office asks itself. */
export interface Watch {
  /** False: another may be master by now. */
  holds(): boolean
  /** For how long etcd has not answered, in milliseconds. */
  silentMs(): number
}

/** How often a call that waits for the store looks whether etcd is silent, in milliseconds. Origin: choice. */
const lookMs = 100

const nothingChanged = 'Nothing was changed. Try again later.'

/** `unsure` is about a change that was sent to the store already. */
const unsure = 'It is not known whether this will still be done: look before you ask for it again.'

/**
 * The route, answered by a master alone: an answer that is ready when the lease may have ended is not given, so none is of a state that another
 * master has changed. Calls are heard nevertheless. While etcd is silent, what waits for the store is refused.
 */
export function guarded(route: MasterRoute, watch: Watch): JsonRoute {
  return {
    ...route,
    async handle(call) {
      if (route.stores && watch.silentMs() >= storeSilenceMs) return withoutQuorum(nothingChanged)
      const handled = route.handle(call)
      const answer = await (route.stores ? Promise.race([handled, silence(watch, handled)]) : handled)
      return watch.holds() ? answer : withoutQuorum(route.stores ? unsure : nothingChanged)
    },
  }
}

/** Resolves, with a refusal, when etcd falls silent before the call is handled. */
function silence(watch: Watch, handled: Promise<unknown>): Promise<JsonAnswer> {
  return new Promise((resolve) => {
    const look = setInterval(() => watch.silentMs() >= storeSilenceMs && resolve(withoutQuorum(unsure)), lookMs)
    const end = () => clearInterval(look)
    handled.then(end, end)
  })
}
