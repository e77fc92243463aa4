import type { Decision } from '../../../kernel/agent.ts'
import type { HostAction } from '../action.ts'
import type { ContainerRecord } from '../state.ts'

/** All processes of a guest end; the first one is asked to, and has `graceMs` for that. */
export function stopGuest(record: ContainerRecord, reason: string, graceMs = 0): Decision<HostAction> {
  return { actions: [{ kind: 'stopGuest', key: record.containerId, record, graceMs, reason }] }
}
