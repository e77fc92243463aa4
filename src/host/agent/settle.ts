import type { Step } from '../../kernel/agent.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { HostAction, HostOutcome } from './action.ts'
import { withContainer } from './container.ts'
import { settleEnd, settleWitnesses } from './isolation.ts'
import type { HostSubject } from './message.ts'
import { containerSubject } from './message.ts'
import { reconciled, touchedByGoal } from './reconcile.ts'
import { settleReporting } from './reporting.ts'
import { retryAt } from './retry.ts'
import { settleRoads } from './settle-roads.ts'
import { failed, settled } from './settled.ts'
import type { Container, ContainerRecord, HeldPackage, HostState } from './state.ts'

/** How an action ended. The driver itself asks the action's subject again. */
export function settle(
  state: HostState,
  action: HostAction,
  outcome: HostOutcome,
  now: Instant,
): Step<HostState, HostSubject> {
  switch (action.kind) {
    case 'fetchPackage':
      return afterFetch(state, action.sha256, outcome, now)
    case 'dropPackage': {
      const packages = new Map(state.packages)
      packages.delete(action.sha256)
      return all(reconciled({ ...state, packages }, now))
    }
    case 'register':
    case 'report':
    case 'answer':
      return { state: settleReporting(state, action, outcome, now), touched: ['host'] }
    case 'askWitnesses':
      return settleWitnesses(state, outcome)
    case 'endGuests':
      return settleEnd(state)
    case 'layRoads':
      return { state: settleRoads(state, action, outcome, now), touched: ['host'] }
    case 'removeGuest':
      return outcome.kind === 'failed'
        ? change(state, action.record.containerId, now, (container) => failed(state, container, outcome.fault, now))
        : afterRemoval(state, action.record, now)
    case 'listen':
      return change(state, action.record.containerId, now, (container) => {
        if (outcome.kind !== 'listening') return settled(state, container, action, outcome, now)
        const record = { ...container.record, wirePort: outcome.port }
        // No guest could be heard before.
        return { ...container, record, listening: true, silentFrom: now }
      })
    case 'createGuest':
    case 'openPorts':
    case 'makeDisks':
    case 'rebuildDrives':
    case 'startGuest':
    case 'stopGuest':
      return change(state, action.record.containerId, now, (container) =>
        settled(state, container, action, outcome, now),
      )
  }
}

function afterFetch(
  state: HostState,
  sha256: string,
  outcome: HostOutcome,
  now: Instant,
): Step<HostState, HostSubject> {
  const failures = state.packages.get(sha256)?.failures ?? 0
  const held: HeldPackage =
    outcome.kind === 'failed'
      ? {
          failures: failures + 1,
          trouble: { fault: outcome.fault, retryAt: retryAt(state.configuration.timers, failures, now) },
        }
      : { directory: outcome.kind === 'unpacked' ? outcome.directory : undefined, failures: 0 }
  return all(reconciled({ ...state, packages: new Map(state.packages).set(sha256, held) }, now))
}

function afterRemoval(
  state: HostState,
  { containerId, key }: ContainerRecord,
  now: Instant,
): Step<HostState, HostSubject> {
  const containers = new Map(state.containers)
  containers.delete(containerId)
  const again = state.goal.instances.some(
    (goal) => goal.key === key && goal.containerId !== containerId && !goal.deleting,
  )
  const gone = new Set(state.reporting.gone)
  if (!again) gone.add(key)
  return all(reconciled({ ...state, containers, reporting: { ...state.reporting, gone } }, now))
}

function all(state: HostState): Step<HostState, HostSubject> {
  return { state, touched: touchedByGoal(state) }
}

function change(
  state: HostState,
  containerId: string,
  now: Instant,
  how: (container: Container) => Container,
): Step<HostState, HostSubject> {
  const container = state.containers.get(containerId)
  if (!container) return { state, touched: [] }
  return { state: withContainer(state, how(container), now), touched: [containerSubject(containerId), 'host'] }
}
