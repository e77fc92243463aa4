import { intentOf } from '../intent.ts'
import type { Question } from '../question.ts'

/** Of an instance that goes, nothing is left on the host. */
export const remove: Question = (state, container) => {
  if (intentOf(state, container) !== 'go') return undefined
  const { record } = container
  return {
    actions: [{ kind: 'removeGuest', key: record.containerId, record, reason: 'the instance is being deleted' }],
  }
}
