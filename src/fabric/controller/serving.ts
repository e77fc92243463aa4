import { keep, put } from './keep.ts'
import type { InstanceRecord } from './records.ts'
import type { FabricState } from './state.ts'
import { isSynchronised } from './status.ts'

/** Says anew which of these instances the fabric holds to be in rotation, and which have been Ready (L-1, T-9). */
export function refreshServing(state: FabricState, keys: Iterable<string>): FabricState {
  let next = state
  for (const key of keys) {
    const instance = state.stored.instance.get(key)
    if (!instance) continue
    const inRotation = serves(state, instance)
    const readyOnce = instance.readyOnce || inRotation
    if (inRotation === instance.inRotation && readyOnce === instance.readyOnce) continue
    next = keep(next, put('instance', key, { ...instance, inRotation, readyOnce }))
  }
  return next
}

/**
 * Ready for what it was last told, on a host that answers. Before a host has said anything in this run its instances stay as they
 * were, until it is lost (design.md 9.2).
 */
function serves(state: FabricState, instance: InstanceRecord): boolean {
  const { lost, reports } = state.observed
  if (lost.has(instance.host)) return false
  const report = reports.get(instance.key)
  if (!report && !isSynchronised(state, instance.host)) return instance.inRotation
  return report?.status === 'ReadyRole' && report.revision >= instance.told.revision && instance.told.run === 'Started'
}
