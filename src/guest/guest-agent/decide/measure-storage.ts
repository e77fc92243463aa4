import type { Question } from '../action.ts'

/** How often local storage is measured against its size (design.md 9.5). */
const measureEveryMs = 10_000

/** How much local storage is used (H-26). */
export const measureStorage: Question = ({ goal, stack, measuredAt }, now) => {
  if (!goal || stack.kind !== 'up') return { actions: [] }
  const due = measuredAt + measureEveryMs
  if (now < due) return { actions: [], wakeAt: due }
  return { actions: [{ kind: 'measure', key: 'measure', reason: 'Local storage is measured.', goal }] }
}
