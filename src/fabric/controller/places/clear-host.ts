import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { Accepted, CommandOf } from '../commands/accepted.ts'
import { isRestored, restoration } from '../seen/unknown.ts'
import { findHost } from '../state/find.ts'
import { put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import { hostSubject } from '../subject.ts'

/** What a host runs and a restored store does not know ends there. */
export function clearHost(state: FabricState, { host: name }: CommandOf<'clearHost'>): Result<Accepted> {
  const found = findHost(state, name)
  if (!found.ok) return found
  const { name: host } = found.value
  const record = restoration(state)
  if (!record || !isRestored(state, host))
    return refused(
      'ConflictError',
      `The host ${host} runs nothing that the fabric does not know: ${record ? 'it was cleared already' : 'the fabric was not restored from a backup'}.`,
    )
  return fine({
    changes: [put('restoration', 'fabric', { ...record, cleared: [...record.cleared, host] })],
    touched: [hostSubject(host)],
    ended: true,
    renews: host,
  })
}
