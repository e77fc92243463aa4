import type { Instant } from '../../../kernel/instant.ts'
import type { InstanceStatus } from '../../../service-model/instance-status.ts'
import { keep, put } from '../state/keep.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import { type FabricState, observe } from '../state/state.ts'
import { isSynchronised } from './status.ts'

/** Updates which of these instances the fabric has in rotation, which have been Ready, and since when (L-1, T-9, U-29, H-23). */
export function refreshServing(state: FabricState, keys: readonly string[], now: Instant): FabricState {
  let next = observe(state, { readySince: readySince(state, keys, now) })
  for (const key of keys) {
    const instance = state.stored.instance.get(key)
    if (!instance) continue
    const inRotation = serves(state, instance)
    const readyOnce = instance.readyOnce || inRotation
    const tasksSince = tasksSinceOf(state, instance, now)
    const isSame = inRotation === instance.inRotation && readyOnce === instance.readyOnce
    const report = state.observed.reports.get(key)
    const account = report ? report.account : instance.account
    if (isSame && tasksSince === instance.tasksSince && account === instance.account) continue
    next = keep(next, put('instance', key, { ...instance, inRotation, readyOnce, tasksSince, account }))
  }
  return next
}

/**
 * Ready for the goal last sent, on a host that answers. Until a host has reported in this run, or is lost, its instances stay as they were (design.md
 * 9.2).
 */
function serves(state: FabricState, instance: InstanceRecord): boolean {
  const { lost, reports } = state.observed
  if (lost.has(instance.host)) return false
  const report = reports.get(instance.key)
  if (!report && !isSynchronised(state, instance.host)) return instance.inRotation
  return (
    report?.status === 'ReadyRole' && report.revision >= instance.told.runRevision && instance.told.run === 'Started'
  )
}

function readySince(state: FabricState, keys: readonly string[], now: Instant): FabricState['observed']['readySince'] {
  return state.observed.readySince.withMutations((since) => {
    for (const key of keys) {
      const instance = state.stored.instance.get(key)
      const revision = state.observed.reports.get(key)?.revision ?? 0
      if (!instance || revision !== instance.told.revision || !serves(state, instance)) since.delete(key)
      else if (!since.has(key)) since.set(key, now)
    }
  })
}

/** The clock of H-23 starts once in each run that is sent to an instance: a role that fails and tries again does not restart it. */
function tasksSinceOf(
  state: FabricState,
  { key, told, tasksSince }: InstanceRecord,
  now: Instant,
): Instant | undefined {
  const report = state.observed.reports.get(key)
  if (tasksSince !== undefined || !report || report.revision < told.runRevision) return tasksSince
  return atTasks.has(report.status) ? now : undefined
}

const atTasks: ReadonlySet<InstanceStatus> = new Set(['StartingRole', 'BusyRole', 'CyclingRole', 'ReadyRole'])
