import type { DiagnosticsAction } from './action.ts'
import { collectors } from './collect.ts'
import type { DiagnosticsFacilities } from './facilities.ts'
import { planOf } from './plan.ts'
import { entityOf, type Identity, transactionsOf } from './row.ts'
import type { DiagnosticsOutcome } from './settle.ts'
import type { DiagnosticsState } from './state.ts'
import { controlContainer, tables } from './tables.ts'

type Effects = {
  readonly [Kind in DiagnosticsAction['kind']]: (
    action: Extract<DiagnosticsAction, { kind: Kind }>,
  ) => Promise<DiagnosticsOutcome>
}

/** The table from an action's kind to its effect. A failure is an outcome with the sentence. */
export function performWith(
  facilities: DiagnosticsFacilities,
  identity: Identity,
  state: () => DiagnosticsState,
): (action: DiagnosticsAction) => Promise<DiagnosticsOutcome> {
  const { buffers, log } = facilities
  const collect = collectors(facilities, identity, state)
  const control = `${identity.deploymentId}/${identity.role}/${identity.instance}`

  async function storage() {
    const { account } = state()
    if (account.kind === 'none') throw new Error(account.why)
    return facilities.storage(account)
  }

  const effects: Effects = {
    collect: ({ buffer, counters }) => collect[buffer](counters),
    async transfer({ buffer, from, until }) {
      const { levelFilter } = planOf(state().configuration, buffer)
      const rows = buffers[buffer].read(from).filter(([number]) => number < until)
      const important = rows.filter(([, { level }]) => levelFilter === 0 || level <= levelFilter)
      const entities = important.map(([number, row]) => entityOf(identity, number, row))
      if (entities.length > 0) await (await storage()).insert(tables[buffer], transactionsOf(entities))
      const sent = (rows.at(-1)?.[0] ?? until - 1) + 1
      buffers[buffer].setSent(sent, facilities.now())
      return { kind: 'sent', sent }
    },
    async drop({ buffer, segments, lost, reason }) {
      if (lost > 0) log('Warning', reason)
      buffers[buffer].drop(segments)
      return { kind: 'dropped', segments: buffers[buffer].segments() }
    },
    async poll() {
      const account = await storage()
      const found = await account.readText(controlContainer, control)
      if (found === undefined) await account.writeText(controlContainer, control, facilities.packagedConfiguration)
      else facilities.configured(found)
      return { kind: 'done' }
    },
    async tell({ trouble }) {
      if (trouble === '') log('Information', 'Nothing is wrong any more.')
      else log('Error', trouble)
      facilities.tellTrouble(trouble)
      return { kind: 'done' }
    },
    end: async ({ reason }) => {
      log('Information', reason)
      return facilities.end()
    },
  }
  return async (action) => {
    try {
      return await (effects[action.kind] as (action: DiagnosticsAction) => Promise<DiagnosticsOutcome>)(action)
    } catch (error) {
      return { kind: 'failed', message: error instanceof Error ? error.message : String(error) }
    }
  }
}
