import { intentOf } from '../intent.ts'
import type { Question } from '../question.ts'
import { overfullText } from '../room.ts'
import { stopGuest } from './stop-guest.ts'

/** While the disk of the host is nearly full, a guest that uses more than its share stops, before its neighbours run out of room (H-26). */
export const overfull: Question = (state, container) => {
  const { record, overfull: found } = container
  if (!found || !record.process || intentOf(state, container) !== 'run') return undefined
  return stopGuest(record, overfullText(found))
}
