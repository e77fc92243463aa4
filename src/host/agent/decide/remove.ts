import { intentOf } from '../intent.ts'
import type { Question } from '../question.ts'

/** An instance that goes leaves nothing on the host. */
export const remove: Question = (state, container) => {
  if (intentOf(state, container) !== 'go') return undefined
  const { record } = container
  return {
    actions: [{ kind: 'removeGuest', key: record.containerId, record, reason: 'the instance is being deleted' }],
  }
}
