import type { Question } from '../question.ts'
import { sameData } from '../serve.ts'

/** A guest with a network of its own is reached at the ports of its declared endpoints, as they are by now. */
export const openPorts: Question = (state, { record, opened }) => {
  const endpoints = record.served?.guest.topology[0]?.endpoints
  if (!state.configuration.ownNetworks || !record.process || !endpoints || sameData(opened, endpoints)) return undefined
  const reason = opened ? 'its endpoints are others now' : 'this run of the agent does not know what is open'
  return { actions: [{ kind: 'openPorts', key: record.containerId, record, reason }] }
}
