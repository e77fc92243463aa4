import type { Question } from '../question.ts'

/** The last question, when all is prepared: the guest starts (S-7). */
export const start: Question = (_state, { record }) => ({
  actions: [{ kind: 'startGuest', key: record.containerId, record, reason: 'the goal is Started' }],
})
