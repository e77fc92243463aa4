import type { PoolQuestion } from '../action.ts'

export const tell: PoolQuestion = ({ settings: { name }, untold: events }) => {
  if (events.length === 0) return { actions: [] }
  return { actions: [{ kind: 'tell', key: `tell ${name}`, reason: 'An operator wants to know.', pool: name, events }] }
}
