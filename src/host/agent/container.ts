import type { Instant } from '../../kernel/instant.ts'
import type { InstanceGoal } from '../contract/goal.ts'
import { refreshed } from './serve.ts'
import type { Container, HostState } from './state.ts'
import { statusOf } from './status.ts'

/** A container that the goal has just named. */
export function newContainer(state: HostState, goal: InstanceGoal, now: Instant): Container {
  const taken = new Set([...state.containers.values()].map(({ record }) => record.number))
  let number = 0
  while (taken.has(number)) number += 1
  const { firstUid } = state.configuration
  return {
    record: {
      key: goal.key,
      containerId: goal.containerId,
      number,
      uid: firstUid === undefined ? undefined : firstUid + number,
      incarnation: 0,
      revision: goal.revision,
      epochs: goal.epochs,
      rebuild: [],
    },
    goal,
    listening: false,
    ended: false,
    adopted: false,
    heard: false,
    silentFrom: now,
    since: now,
    failures: 0,
  }
}

/** The state with this container changed, with its documents and the `since` of its status. */
export function withContainer(state: HostState, changed: Container, now: Instant): HostState {
  const before = state.containers.get(changed.record.containerId)
  const container = refreshed(state, changed, now)
  const same = before && statusOf(state, before, now) === statusOf(state, container, now)
  const containers = new Map(state.containers)
  containers.set(container.record.containerId, same ? container : { ...container, since: now })
  return { ...state, containers }
}
