import type { Step } from '../../kernel/agent.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { HostGoal } from '../contract/goal.ts'
import { sameBut } from '../contract/same-but.ts'
import { isOfNow } from './contact.ts'
import { withContainer } from './container.ts'
import { receiveUnanswered } from './isolation.ts'
import type { HostMessage, HostSubject } from './message.ts'
import { containerSubject } from './message.ts'
import { reconciled, touchedByGoal } from './reconcile.ts'
import { aboutOne } from './set-aside.ts'
import type { Container, HostState } from './state.ts'
import { withLastSaid, withTaken } from './taken.ts'

/** A goal from above, or a message of a guest, the machine or the operator. */
export function receive(state: HostState, message: HostMessage, now: Instant): Step<HostState, HostSubject> {
  switch (message.kind) {
    case 'goal':
      return receiveGoal(state, message, now)
    case 'goalStands':
      return receiveGoal(state, { ...message, goal: state.goal }, now)
    case 'unanswered':
      return receiveUnanswered(state, message)
    case 'health': {
      const { health, foreign = false } = message
      return ofContainer(state, health.containerId, now, (container) => ({
        ...heard(container, now),
        health: { ...health, revision: reached(container, health.goalStateIncarnation) },
        record: foreign ? withLastSaid(container.record, health.state) : container.record,
      }))
    }
    case 'heartbeat':
      return ofContainer(state, message.containerId, now, (container) =>
        message.taken === undefined ? heard(container, now) : withTaken(heard(container, now), message.taken),
      )
    case 'guestEnded':
      return ofContainer(state, message.containerId, now, (container) =>
        container.record.process?.pid === message.process.pid &&
        container.record.process.startTime === message.process.startTime
          ? { ...container, ended: true }
          : container,
      )
    case 'overfull': {
      const { heldMB, ownMB } = message
      return ofContainer(state, message.containerId, now, (container) =>
        container.record.process ? { ...container, overfull: { heldMB, ownMB } } : container,
      )
    }
    case 'unstored':
      return { state: { ...state, unstored: message.reason }, touched: ['host'] }
    case 'roadsMoved':
      return { state: { ...state, roads: { ...state.roads, laid: undefined, failures: 0 } }, touched: ['roads'] }
    case 'power':
      return everyContainer({ ...state, power: message.power }, now)
  }
}

function receiveGoal(
  state: HostState,
  { goal, registration }: { readonly goal: HostGoal; readonly registration?: number | undefined },
  now: Instant,
): Step<HostState, HostSubject> {
  if (goal.version < state.goal.version) return { state, touched: [] }
  const asked = new Set(goal.asks.map(({ id }) => id))
  const answered = state.answered.filter((id) => asked.has(id))
  const contact = isOfNow(state, registration) ? undefined : state.contact
  const next = reconciled({ ...state, goal: withUntold(state.goal, goal), answered, contact }, now)
  return { state: next, touched: [...touchedByGoal(next), 'roads'] }
}

/** For containers that the controller could not decide (F-27), or that a restored store does not know, the former goal holds. */
function withUntold(former: HostGoal, { untold = [], keepsOthersBut, ...goal }: HostGoal): HostGoal {
  const told = new Set([...goal.instances.map(({ key }) => key), ...(keepsOthersBut ?? [])])
  const held = former.instances.filter(
    ({ containerId, key }) => untold.includes(containerId) || (keepsOthersBut !== undefined && !told.has(key)),
  )
  return { ...goal, ...(keepsOthersBut && { keepsOthersBut }), instances: [...goal.instances, ...held] }
}

/**
 * Only a report about the newest documents has reached the newest revision (wire-server.md 9). A role that is Ready with older ones may report after
 * the guest has said that it is on its way to the newest. 0 for documents of a former run of this agent.
 */
function reached({ record, formerRevisions }: Container, incarnation: number): number {
  return incarnation === record.incarnation ? record.revision : (formerRevisions?.[incarnation] ?? 0)
}

function heard(container: Container, now: Instant): Container {
  return { ...container, heard: true, adopted: false, silentFrom: now, failures: 0, trouble: undefined }
}

function ofContainer(
  state: HostState,
  containerId: string,
  now: Instant,
  change: (container: Container) => Container,
): Step<HostState, HostSubject> {
  const container = state.containers.get(containerId)
  if (!container) return { state, touched: [] }
  const next = withContainer(state, change(container), now)
  // A heartbeat without news needs no decision: there are many, and silence is checked when it is due.
  const same = saysNothingNew(container, next.containers.get(containerId))
  return { state: next, touched: same ? [] : [containerSubject(containerId), 'host'] }
}

/** The moment of the last message is no news. */
function saysNothingNew(before: Container, after: Container | undefined): boolean {
  return sameBut(before, after, 'silentFrom', 'health') && sameBut(before.health, after?.health)
}

function everyContainer(state: HostState, now: Instant): Step<HostState, HostSubject> {
  let next = state
  for (const container of state.containers.values()) {
    const before = next
    next = aboutOne(before, container.record.containerId, () => withContainer(before, container, now))
  }
  return { state: next, touched: [...[...next.containers.keys()].map(containerSubject), 'host'] }
}
