import type { Instant } from '../../kernel/instant.ts'
import { intentOf } from './intent.ts'
import type { Container, HostState, Served } from './state.ts'

/**
 * The container with the documents that it is to be served now. The incarnation grows by one when anything in them changes,
 * and only then (wire-server.md 5.1, H-1). A new package is served when it is on the host; a stop does not wait for it.
 */
export function refreshed(state: HostState, container: Container, now: Instant): Container {
  const { record, goal } = container
  const source = goal && state.packages.get(goal.packageSha256)?.present ? goal : record.served
  if (!source) return container
  const runs = intentOf(state, container) === 'run'
  const served: Served = {
    machine: runs ? 'Started' : 'Stopped',
    role: runs ? (goal?.role ?? source.role) : 'Stopped',
    packageSha256: source.packageSha256,
    guest: source.guest,
    certificates: source.certificates,
    stopRolesDeadlineHintMs: state.configuration.timers.onStopLimit,
    agentPackage: state.configuration.agentPackage,
  }
  const same = record.served !== undefined && sameDocuments(served, record.served)
  const revision = goal && source === goal ? goal.revision : record.revision
  const stoppingSince = served.machine === 'Stopped' && record.process ? (record.stoppingSince ?? now) : undefined
  if (same && revision === record.revision && stoppingSince === record.stoppingSince) return container
  return {
    ...container,
    record: {
      ...record,
      served: same ? record.served : served,
      incarnation: same ? record.incarnation : record.incarnation + 1,
      revision,
      stoppingSince,
    },
    // A revision that changes no document has been reached by whoever has reached the documents.
    health:
      container.health && same && container.health.goalStateIncarnation === record.incarnation
        ? { ...container.health, revision }
        : container.health,
  }
}

/** Whether two say the same. What comes from one goal is the same object, so that a heartbeat need not compare documents. */
function sameDocuments(one: Served, other: Served): boolean {
  return (
    one.machine === other.machine &&
    one.role === other.role &&
    one.packageSha256 === other.packageSha256 &&
    one.stopRolesDeadlineHintMs === other.stopRolesDeadlineHintMs &&
    sameData(one.guest, other.guest) &&
    sameData(one.certificates, other.certificates) &&
    sameData(one.agentPackage, other.agentPackage)
  )
}

/** Whether two pieces of plain data say the same, in the same order. */
export function sameData(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}
