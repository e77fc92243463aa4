import type { Instant } from '../../kernel/instant.ts'
import type { InstanceGoal } from '../contract/goal.ts'
import { newContainer, withContainer } from './container.ts'
import type { HostSubject } from './messages.ts'
import { containerSubject, packageSubject } from './messages.ts'
import { packagesOf } from './packages-of.ts'
import { sameData } from './serve.ts'
import type { Container, HeldPackage, HostState } from './state.ts'

const absent: HeldPackage = { present: false, failures: 0 }

/**
 * The state with a container for each instance of the goal, and the goal in each container.
 * An instance whose former container is still going on this host waits for its end: they share name, address and ports.
 */
export function reconciled(state: HostState, now: Instant): HostState {
  const goals = new Map(state.goal.instances.map((goal) => [goal.containerId, goal]))
  let next = withPackages(state)
  for (const container of state.containers.values())
    next = withContainer(next, { ...container, goal: newGoal(container, goals.get(container.record.containerId)) }, now)
  for (const goal of goals.values()) {
    if (next.containers.has(goal.containerId)) continue
    if (goal.deleting) next = withGone(next, goal)
    else if (!hasContainerOf(next, goal.key)) next = withContainer(next, newContainer(next, goal, now), now)
  }
  return next
}

/** The goal, with the documents that are served already where it says the same as they do: they are then known to be the same. */
function newGoal({ record: { served } }: Container, goal: InstanceGoal | undefined): InstanceGoal | undefined {
  if (!goal || !served) return goal
  const guest = sameData(goal.guest, served.guest) ? served.guest : goal.guest
  const certificates = sameData(goal.certificates, served.certificates) ? served.certificates : goal.certificates
  return { ...goal, guest, certificates }
}

/** Every package that the goal names is held, or on its way. */
function withPackages(state: HostState): HostState {
  const packages = new Map(state.packages)
  for (const sha256 of state.goal.instances.flatMap(packagesOf)) if (!packages.has(sha256)) packages.set(sha256, absent)
  return { ...state, packages }
}

/** The controller wants to hear of the end even of what never was here. */
function withGone(state: HostState, { key }: InstanceGoal): HostState {
  if (hasContainerOf(state, key)) return state
  return { ...state, reporting: { ...state.reporting, gone: new Set([...state.reporting.gone, key]) } }
}

function hasContainerOf(state: HostState, key: string): boolean {
  return [...state.containers.values()].some(({ record }) => record.key === key)
}

export function touchedByGoal(state: HostState): readonly HostSubject[] {
  return [
    ...[...state.packages.keys()].map(packageSubject),
    ...[...state.containers.keys()].map(containerSubject),
    'host',
  ]
}
