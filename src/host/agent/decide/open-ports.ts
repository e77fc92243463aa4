import { openPortsOf } from '../open-ports-of.ts'
import type { Question } from '../question.ts'
import { sameData } from '../serve.ts'

/** A guest with a network of its own is reached at the ports of its present declared endpoints. */
export const openPorts: Question = (state, { record, opened }) => {
  if (!state.configuration.ownNetworks || !record.process || !record.served) return undefined
  if (sameData(opened, openPortsOf(record.served))) return undefined
  const reason = opened
    ? 'its endpoints, or who may call them, are others now'
    : 'this run of the agent does not know what is open'
  return { actions: [{ kind: 'openPorts', key: record.containerId, record, reason }] }
}
