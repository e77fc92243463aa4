import type { Map } from 'immutable'
import type { Instant } from '../../../kernel/instant.ts'
import type { Change } from './change.ts'
import type { DeploymentRecord } from './records/deployment.ts'
import type { HostRecord } from './records/host.ts'
import type { InstanceRecord } from './records/instance.ts'
import type { FabricState } from './state.ts'

/**
 * Stored moments from which a limit counts. They are by the clock of the machine that was master then, as it was set then. So this run notes, for each
 * that it writes itself, by how much its clock has been moved so far (H-37): the moment moves with later steps, and its age stays. One that an earlier
 * master has written counts from the take-over where the fabric has several machines, whose clocks differ (H-41); on one machine it is what it was.
 */
export function measuredFrom(state: FabricState, name: string, stored: Instant): Instant {
  const isOwn = state.observed.written.has(name)
  return isOwn || !state.facts.severalMachines ? asStored(state, name, stored) : state.startedAt
}

/** The same, where a former master's clock is believed: for what may be wrong by as much as the clocks differ. */
export function asStored({ observed }: FabricState, name: string, stored: Instant): Instant {
  return stored + observed.movedMs - observed.written.get(name, 0)
}

/** The record's moments that are other ones now, noted as of this run's clock. */
export function noteWritten(
  written: Map<string, number>,
  movedMs: number,
  { table, key, record }: Change,
  former: unknown,
): Map<string, number> {
  if (table !== 'deployment' && table !== 'instance' && table !== 'host') return written
  const before = momentsOf(table, former as never)
  const after = momentsOf(table, record as never)
  return written.withMutations((noted) => {
    for (const [field, moment] of Object.entries({ ...before, ...after })) {
      const name = `${table}/${key}/${field}`
      if (after[field] === undefined) noted.delete(name)
      else if (moment !== before[field]) noted.set(name, movedMs)
    }
  })
}

type Moments = Readonly<Record<string, Instant | undefined>>

function momentsOf(
  table: 'deployment' | 'instance' | 'host',
  record: (DeploymentRecord & InstanceRecord & HostRecord) | undefined,
): Moments {
  if (!record) return {}
  if (table === 'instance') return { runSince: record.runSince, tasksSince: record.tasksSince }
  if (table === 'host') return { 'drain.drainedAt': record.drain?.drainedAt, 'lost.at': record.lost?.at }
  const { update, servicing, resumedAt } = record
  return { 'update.since': update?.since, 'servicing.since': servicing?.since, resumedAt }
}
