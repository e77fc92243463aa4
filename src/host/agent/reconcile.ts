import type { Instant } from '../../kernel/instant.ts'
import type { InstanceGoal } from '../contract/goal.ts'
import { newContainer, withContainer } from './container.ts'
import type { HostSubject } from './message.ts'
import { containerSubject, packageSubject } from './message.ts'
import { packagesOf } from './packages-of.ts'
import { sameData } from './serve.ts'
import { aboutOne } from './set-aside.ts'
import type { Container, ContainerRecord, HeldPackage, HostState } from './state.ts'

const absent: HeldPackage = { failures: 0 }

/**
 * The state with a container for each instance of the goal, and the goal in each container. An instance whose former container is still being removed
 * here waits until it is gone: they share name, address and ports.
 */
export function reconciled(state: HostState, now: Instant): HostState {
  const goals = new Map(state.goal.instances.map((goal) => [goal.containerId, goal]))
  let next = withPackages(state)
  for (const container of state.containers.values()) {
    const { containerId } = container.record
    const before = next
    next = aboutOne(before, containerId, () => {
      const goal = newGoal(container, goals.get(containerId))
      return withContainer(before, { ...container, record: notAhead(container.record, goal), goal }, now)
    })
  }
  for (const goal of goals.values()) {
    const before = next
    if (!before.containers.has(goal.containerId))
      next = aboutOne(before, goal.containerId, () => withNew(before, goal, now))
  }
  return next
}

function withNew(state: HostState, goal: InstanceGoal, now: Instant): HostState {
  if (goal.deleting) return withGone(state, goal)
  return hasContainerOf(state, goal.key) ? state : withContainer(state, newContainer(state, goal, now), now)
}

/** The goal, reusing the served documents where the two are equal: comparing them is then cheap. */
function newGoal({ record: { served } }: Container, goal: InstanceGoal | undefined): InstanceGoal | undefined {
  if (!goal || !served) return goal
  const guest = sameData(goal.guest, served.guest) ? served.guest : goal.guest
  const certificates = sameData(goal.certificates, served.certificates) ? served.certificates : goal.certificates
  return { ...goal, guest, certificates }
}

/**
 * Epochs only grow, except after the fabric's store was restored: higher applied epochs are forgotten without a restart, so that the next one
 * is noticed.
 */
function notAhead(record: ContainerRecord, goal: InstanceGoal | undefined): ContainerRecord {
  if (!goal) return record
  const { guest, c, d, e } = record.epochs
  const wanted = goal.epochs
  if (guest <= wanted.guest && c <= wanted.c && d <= wanted.d && e <= wanted.e) return record
  const epochs = {
    guest: Math.min(guest, wanted.guest),
    c: Math.min(c, wanted.c),
    d: Math.min(d, wanted.d),
    e: Math.min(e, wanted.e),
  }
  return { ...record, epochs }
}

/** Every package in the goal gets a record: it is here, or on its way. */
function withPackages(state: HostState): HostState {
  const packages = new Map(state.packages)
  for (const sha256 of state.goal.instances.flatMap(packagesOf)) if (!packages.has(sha256)) packages.set(sha256, absent)
  return { ...state, packages }
}

/** The controller needs a report that it is gone, even if it never was here. */
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
