import { statusOf } from '../seen/status.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import type { FabricState } from '../state/state.ts'

/** Whether the stop was sent and has happened. */
export function isStopped(state: FabricState, instance: InstanceRecord): boolean {
  const { told, key } = instance
  const revision = state.observed.reports.get(key)?.revision ?? 0
  return told.run === 'Stopped' && revision >= told.revision && statusOf(state, instance).status === 'StoppedVM'
}
