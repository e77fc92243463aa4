import { realPath } from '../contract/guest-paths.ts'
import { type Health, writeHealth } from '../contract/health.ts'
import type { GuestAction } from './action.ts'
import type { GuestFacilities, HeldReport } from './facilities.ts'
import { contextLines } from './log-line.ts'
import { measure } from './measure.ts'
import { prepare } from './prepare.ts'
import { readGoal } from './read-goal.ts'
import type { GuestOutcome } from './settle.ts'
import { start } from './start.ts'
import { unpack } from './unpack.ts'

type Effects = {
  readonly [Kind in GuestAction['kind']]: (
    action: Extract<GuestAction, { kind: Kind }>,
    facilities: GuestFacilities,
  ) => Promise<GuestOutcome>
}

const done: GuestOutcome = { kind: 'done' }

const effects: Effects = {
  fetchGoal: async (_action, facilities) => ({ kind: 'fetched', goal: await readGoal(facilities) }),
  async reportChange({ health }, facilities) {
    facilities.log.status('INFO', statusLine(health))
    facilities.log.runtime('INFO', statusLine(health))
    return postHealth(health, facilities)
  },
  async heartbeat({ health, waitMs, inHand }, facilities) {
    facilities.log.status('HEART', 'WindowsAzureGuestAgent Heartbeat.')
    facilities.log.status('INFO', statusLine(health))
    return postHealth(health, facilities, { waitMs, inHand })
  },
  prepare: ({ goal, before }, facilities) =>
    inContext('ConfigureGuest', facilities, async () => ({
      kind: 'prepared',
      prepared: await prepare(goal, before, facilities),
    })),
  unpack: ({ wanted }, facilities) =>
    inContext('UnpackRole', facilities, async () => {
      // It loads while files are copied, and has nothing left to load when the role is to start.
      facilities.stackAhead(true)
      await unpack(wanted, facilities)
      return done
    }),
  async clear({ letter, reason }, { settings, log, emptyDirectories, stackAhead }) {
    log.runtime('INFO', reason)
    stackAhead(false)
    await emptyDirectories([realPath(settings.root, `${letter}:`) as string])
    return done
  },
  start: (action, facilities) => inContext('StartRole', facilities, () => start(action, facilities)),
  tell: ({ goal, reason, context }, facilities) =>
    inContext(context, facilities, async () => {
      facilities.log.runtime('INFO', reason)
      await facilities.tellStack(goal)
      return done
    }),
  async kill({ reason }, { log, killStack }) {
    log.runtime('WARN', reason)
    killStack()
    return done
  },
  async replaceAgent({ path, incarnation, reason }, facilities) {
    facilities.log.runtime('INFO', reason)
    return facilities.replaceAgent(path, incarnation)
  },
  measure: ({ goal }, facilities) => measure(goal, facilities),
}

/** The table from an action's kind to its effect. A failure is an outcome with the sentence. */
export function performWith(facilities: GuestFacilities): (action: GuestAction) => Promise<GuestOutcome> {
  return async (action) => {
    const effect = effects[action.kind] as (action: GuestAction, facilities: GuestFacilities) => Promise<GuestOutcome>
    try {
      return await effect(action, facilities)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      facilities.log.status('WARN', `${action.kind}: ${message}`)
      return { kind: 'failed', message }
    }
  }
}

async function postHealth(health: Health, facilities: GuestFacilities, held?: HeldReport): Promise<GuestOutcome> {
  const begun = facilities.now()
  return { kind: 'answered', latest: await facilities.postHealth(writeHealth(health), held), begun }
}

function statusLine({ instanceId, state, subStatus, description, goalStateIncarnation }: Health): string {
  const details = description ? ` ${description}` : ''
  return `${instanceId} is ${subStatus ?? state} for incarnation ${goalStateIncarnation}.${details}`
}

async function inContext(
  context: string,
  { guid, log }: GuestFacilities,
  act: () => Promise<GuestOutcome>,
): Promise<GuestOutcome> {
  const activity = guid()
  log.runtime('INFO', contextLines.start(activity, context))
  try {
    return await act()
  } catch (error) {
    log.runtime('ERROR', error instanceof Error ? error.message : String(error))
    throw error
  } finally {
    log.runtime('INFO', contextLines.end(activity, context))
  }
}
