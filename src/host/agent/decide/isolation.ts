import type { Decision } from '../../../kernel/agent.ts'
import type { HostAction } from '../action.ts'
import type { HostState } from '../state.ts'

/** A host that no master answers asks the other machines; when it is isolated, it ends its guests (H-38), also those of containers that are set aside. */
export function isolation({ contact, containers, goal }: HostState): Decision<HostAction> {
  const { isolated, unanswered } = contact ?? {}
  if (isolated !== undefined)
    return {
      actions: [...containers.values()].flatMap(({ record }) =>
        record.process
          ? [{ kind: 'stopGuest', key: record.containerId, record, graceMs: 0, reason: isolated } as const]
          : [],
      ),
    }
  if (!unanswered || unanswered.ms < unanswered.askAtMs) return { actions: [] }
  const reason = `no master has answered for ${Math.round(unanswered.ms / 1_000)} s`
  return { actions: [{ kind: 'askWitnesses', key: 'askWitnesses', roads: goal.roads ?? [], reason }] }
}
