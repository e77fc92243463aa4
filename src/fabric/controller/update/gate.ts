import type { Instant } from '../../../kernel/instant.ts'
import { statusOf } from '../seen/status.ts'
import { instancesOf } from '../state/find.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import type { UpdateRecord } from '../state/records/update.ts'
import type { FabricState } from '../state/state.ts'
import { listed } from './words.ts'

/** What an update waits for, and when that may be reached by time alone. */
export interface Hindrance {
  readonly text: string
  readonly until?: Instant | undefined
}

/**
 * Instances that an update has moved and waits for: of the single role that it upgrades, or of all (U-16). In other roles it waits for those that it
 * has stopped, which get what the former update had not brought them yet (U-42), and for those that were Ready: a role may cancel a change, and be
 * stopped for it (U-17, U-48). What was not Ready before keeps no upgrade of another role from going on.
 */
export function movedBy(
  state: FabricState,
  deployment: DeploymentRecord,
  update: UpdateRecord,
): readonly InstanceRecord[] {
  return instancesOf(state, deployment.id).filter(
    (one) =>
      one.movedBy === update.id &&
      (update.role === undefined ||
        one.role === update.role ||
        one.wasReady === true ||
        one.told.runRevision === one.told.revision),
  )
}

/** The instances of a domain that have not been Ready for the settle time (U-29). */
export function unsettled(state: FabricState, moved: readonly InstanceRecord[], now: Instant): Hindrance | undefined {
  const { settleTime } = state.facts.timers
  const starting = moved.filter((one) => isWanted(one) && !state.observed.readySince.has(one.key))
  if (starting.length > 0) return { text: `${inStatus(state, starting)}: waits until ${theyAre(starting)} Ready` }
  const since = moved.filter(isWanted).map(({ key }) => state.observed.readySince.get(key) ?? now)
  const until = Math.max(0, ...since) + settleTime
  return now < until ? { text: `waits until all are Ready for ${settleTime / 1_000} s`, until } : undefined
}

/** Whether an instance has been Ready for settleTime without a failure in that time: its new state is stable (U-29). */
export function hasSettled(state: FabricState, instance: InstanceRecord, now: Instant): boolean {
  const since = state.observed.readySince.get(instance.key)
  return since !== undefined && now >= since + state.facts.timers.settleTime && failuresOf(state, instance) === 0
}

/**
 * The instances of walked domains that are not Ready, or have failed since and not been Ready for crashResetAfter (H-14): then no further instance is
 * stopped (U-10).
 */
export function relapsed(state: FabricState, moved: readonly InstanceRecord[]): Hindrance | undefined {
  const wanted = moved.filter(isWanted)
  const down = wanted.filter(({ key }) => !state.observed.readySince.has(key))
  if (down.length > 0)
    return { text: `${inStatus(state, down)} in a domain that was walked: waits until ${theyAre(down)} Ready again` }
  const failed = wanted.filter((one) => failuresOf(state, one) > 0).map(({ name }) => name)
  return failed.length === 0
    ? undefined
    : { text: `${listed(failed)} failed after the domain was walked: waits until they have settled` }
}

/** The first instance that has failed recycleThreshold times in a row since it was moved (U-37). */
export function recycling(state: FabricState, moved: readonly InstanceRecord[]): InstanceRecord | undefined {
  return moved.find((one) => isWanted(one) && failuresOf(state, one) >= state.facts.timers.recycleThreshold)
}

/** Failures of the run that was last sent to the instance. */
function failuresOf(state: FabricState, { key, told }: InstanceRecord): number {
  const report = state.observed.reports.get(key)
  return report && report.revision >= told.runRevision ? report.failures : 0
}

/** An update does not wait for instances that are to stay stopped (U-65). */
export function isWanted({ told }: InstanceRecord): boolean {
  return told.run === 'Started'
}

function theyAre(instances: readonly unknown[]): string {
  return instances.length === 1 ? 'it is' : 'they are'
}

/** `Web_IN_0 is BusyRole`: each instance with its status. One with an unchanged status after a new goal has not reported about that goal yet. */
export function inStatus(state: FabricState, instances: readonly InstanceRecord[]): string {
  return listed(
    instances.map((one) => {
      const { status, details } = statusOf(state, one)
      if (status === 'ReadyRole') return `${one.name} has not begun`
      return details === '' ? `${one.name} is ${status}` : `${one.name} is ${status} (${details})`
    }),
  )
}
