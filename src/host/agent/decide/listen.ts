import { intentOf } from '../intent.ts'
import type { Question } from '../question.ts'

/**
 * A guest that runs or is about to run has a wire server, at the same port over restarts of the agent. While nothing runs, any other port will do, if
 * the port on record is taken.
 */
export const listen: Question = (state, container) => {
  const { record, listening, trouble } = container
  const needed = record.process !== undefined || (record.served && intentOf(state, container) === 'run')
  if (listening || !needed) return undefined
  const port = !record.process && trouble?.fault.code === 'PortInUse' ? 0 : (record.wirePort ?? 0)
  return {
    actions: [
      {
        kind: 'listen',
        key: record.containerId,
        record,
        port,
        reason: record.process ? 'the guest runs and has no wire server' : 'the guest is to start',
      },
    ],
  }
}
