import type { OperationRecord } from '../../fabric/contract/commands.ts'
import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'

/** Every accepted operation stays known, and ends in one status, which stays (O-3, O-6, design.md 1). */
export function operations({ controller, frontEnd }: World): Checker {
  let seen: unknown
  const known = new Map<string, OperationRecord>()
  return {
    name: 'operations',
    check() {
      const table = controller.state()?.stored.operation
      if (!table || table === seen) return nothing
      seen = table
      const complaints: string[] = []
      for (const { id, reply } of frontEnd.requests().values())
        if (reply && 'accepted' in reply && !known.has(id)) known.set(id, reply.accepted)
      for (const [id, before] of known) {
        const now = table.get(id)
        if (!now) complaints.push(`operation ${id} (${before.name}) was accepted and is lost`)
        else if (before.status !== 'InProgress' && now.status !== before.status)
          complaints.push(`operation ${id} (${before.name}) had ended ${before.status} and is now ${now.status}`)
      }
      for (const record of table.values()) {
        known.set(record.id, record)
        if ((record.completedAt === undefined) !== (record.status === 'InProgress'))
          complaints.push(`operation ${record.id} is ${record.status} and ended at ${record.completedAt}`)
      }
      return complaints
    },
  }
}
