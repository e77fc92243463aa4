import { drivesToRebuild, intentOf } from '../intent.ts'
import type { Question } from '../question.ts'

/** Before a guest starts, its directories are made and the due drives are rebuilt (table 3.1). */
export const prepare: Question = (state, container) => {
  const { record, goal } = container
  if (intentOf(state, container) !== 'run' || !goal || !record.served) return { actions: [] }
  const key = record.containerId
  if (record.run === undefined)
    return { actions: [{ kind: 'createGuest', key, record, reason: 'the instance is placed on this host' }] }
  const drives = drivesToRebuild(container)
  if (drives.length === 0 && goal.epochs.guest <= record.epochs.guest) return undefined
  const letters = drives.map((drive) => `${drive.toUpperCase()}:`).join(' ')
  return {
    actions: [
      {
        kind: 'rebuildDrives',
        key,
        record,
        drives,
        epochs: goal.epochs,
        reason: drives.length === 0 ? 'the guest restarts with its drives kept' : `${letters} to be made anew`,
      },
    ],
  }
}
