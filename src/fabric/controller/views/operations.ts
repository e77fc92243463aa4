import type { OperationRecord } from '../../contract/commands.ts'
import type { Views } from '../../contract/views.ts'
import type { FabricState } from '../state.ts'

export function operationView(
  state: FabricState,
  { subscriptionId, id }: Views['operation']['ask'],
): OperationRecord | null {
  const record = state.stored.operation.get(id)
  return record?.subscriptionId === subscriptionId ? record : null
}

export function operationsView(
  state: FabricState,
  { subscriptionId, from, until }: Views['operations']['ask'],
): readonly OperationRecord[] {
  return [...state.stored.operation.values()]
    .filter((one) => one.subscriptionId === subscriptionId && one.startedAt >= from && one.startedAt <= until)
    .sort((a, b) => a.startedAt - b.startedAt)
}
