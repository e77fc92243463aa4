import type { OperationRecord } from '../../contract/commands.ts'
import type { Views } from '../../contract/views.ts'
import type { FabricState } from '../state/state.ts'

export function operationView(
  state: FabricState,
  { subscriptionId, id }: Views['operation']['ask'],
): OperationRecord | null {
  const record = state.stored.operation.get(id)
  return record?.subscriptionId === subscriptionId ? record : null
}

/** S-2: a page at a time, since there may be a hundred thousand. */
export function operationsView(state: FabricState, ask: Views['operations']['ask']): Views['operations']['answer'] {
  const wanted = [...state.stored.operation.values()].filter((record) => isWanted(record, ask)).sort(byStart)
  return { operations: wanted.slice(0, ask.limit), more: wanted.length > ask.limit }
}

function isWanted(record: OperationRecord, ask: Views['operations']['ask']): boolean {
  const { subscriptionId, from, until, object, status, after } = ask
  return (
    record.subscriptionId === subscriptionId &&
    record.startedAt >= from &&
    record.startedAt <= until &&
    record.objectId.toLowerCase().startsWith(object.toLowerCase()) &&
    (status === undefined || record.status === status) &&
    (after === undefined || byStart(record, after) > 0)
  )
}

type Started = Pick<OperationRecord, 'startedAt' | 'id'>

function byStart(a: Started, b: Started): number {
  return a.startedAt - b.startedAt || (a.id > b.id ? 1 : -1)
}
