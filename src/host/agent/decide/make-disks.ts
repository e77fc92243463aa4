import { disksOf } from '../disks-of.ts'
import type { Question } from '../question.ts'
import { sameData } from '../serve.ts'

/** A guest with mounts of its own has disks for its present local storage (H-26). */
export const makeDisks: Question = (state, { record, disks }) => {
  if (!state.configuration.ownNetworks || !record.process || !record.served) return undefined
  if (sameData(disks, disksOf(record.served))) return undefined
  const reason = disks ? 'its local storage is another now' : 'this run of the agent does not know what disks it has'
  return { actions: [{ kind: 'makeDisks', key: record.containerId, record, reason }] }
}
