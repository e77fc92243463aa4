import type { Decision } from '../../../kernel/agent.ts'
import type { HostAction } from '../action.ts'
import type { HostState } from '../state.ts'

/**
 * A host that no master answers asks the other machines; when it is isolated, it ends its guests (H-38), also while
 * nothing can be stored and those of containers that are set aside; the containers find out by themselves.
 */
export function isolation({ contact, containers, goal }: HostState): Decision<HostAction> {
  const { isolated, unanswered } = contact ?? {}
  if (isolated !== undefined) {
    const records = [...containers.values()].flatMap(({ record }) => (record.process ? [record] : []))
    const isDone = records.length === 0 || (unanswered?.ms ?? 0) <= (contact?.endedAtMs ?? -1)
    return { actions: isDone ? [] : [{ kind: 'endGuests', key: 'endGuests', records, reason: isolated }] }
  }
  if (!unanswered || unanswered.ms < unanswered.askAtMs) return { actions: [] }
  const reason = `no master has answered for ${Math.round(unanswered.ms / 1_000)} s`
  return { actions: [{ kind: 'askWitnesses', key: 'askWitnesses', roads: goal.roads ?? [], reason }] }
}
