import type { InstanceRecord } from '../../fabric/controller/state/records/instance.ts'
import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'

/**
 * What the controller shows, confirms, asks of hosts and does is stored before (F-28): no view, answer, goal or action has content that a crash could
 * undo. A restored store can undo it: goals sent before the restore do not count, however late the host reads them.
 */
export function committedFirst({ controller, frontEnd, hosts, vault }: World): Checker {
  const confirmed = new Set<string>()
  const goals = new Map<string, unknown>()
  let newestVersion = 0
  let undoneVersion = 0
  return {
    name: 'committed-first',
    restored() {
      undoneVersion = newestVersion
    },
    check(facts) {
      const state = controller.state()
      const unsaved = state?.unsaved.size ?? 0
      newestVersion = Math.max(newestVersion, state?.observed.lastGoalVersion ?? 0)
      const complaints = unsaved > 0 ? [`the controller shows ${unsaved} changes that are not stored`] : []
      for (const fact of facts)
        if (fact.kind === 'controllerActs' && vault.stored(fact.record) === undefined)
          complaints.push(`the controller does ${fact.action} for ${fact.record}, which is not stored`)
      for (const { id, reply } of frontEnd.requests().values()) {
        if (!reply || !('accepted' in reply) || confirmed.has(id)) continue
        confirmed.add(id)
        if (vault.stored(`operation/${id}`) === undefined)
          complaints.push(`operation ${id} was accepted and is not stored`)
      }
      for (const host of hosts.values()) {
        const goal = host.agent()?.goal
        if (!goal || goal === goals.get(host.name) || goal.version <= undoneVersion) continue
        goals.set(host.name, goal)
        for (const { key, containerId, revision } of goal.instances) {
          const record = instanceIn(vault.stored(`instance/${key}`))
          if (record?.containerId === containerId && record.told.revision < revision)
            complaints.push(
              `${host.name} was told revision ${revision} of ${key}, of which ${record.told.revision} is stored`,
            )
        }
      }
      return complaints.length > 0 ? complaints : nothing
    },
  }
}

function instanceIn(text: string | undefined): InstanceRecord | undefined {
  return text === undefined ? undefined : JSON.parse(text)
}
