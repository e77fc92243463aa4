import type { Health } from '../../guest/contract/health.ts'
import type { Container, ContainerRecord } from './state.ts'

/**
 * The container whose guest agent, of another make, has requested the same documents twice without a report in between: it is done with them, and
 * reports no more (wire-server.md 10.5). Its last report, Ready or not, counts for them. If they want the role stopped, it counts as stopped. The
 * next role root is the agent's own task, so it counts as prepared. An agent that never reported is not Ready.
 */
export function withTaken(container: Container, incarnation: number): Container {
  const { record, health } = container
  const stopped = record.served?.role === 'Stopped'
  if (incarnation !== record.incarnation || (record.lastSaid === undefined && !stopped)) return container
  return {
    ...container,
    health: {
      ...health,
      goalStateIncarnation: incarnation,
      state: stopped ? 'Stopped' : (record.lastSaid ?? 'NotReady'),
      prepared: record.served?.prepare?.packageSha256,
      revision: record.revision,
    },
  }
}

/** Notes whether an agent of another make is Ready. The same object when nothing changes: a changed record is written to disk. */
export function withLastSaid(record: ContainerRecord, state: Health['state']): ContainerRecord {
  const lastSaid = state === 'NotReady' ? 'NotReady' : 'Ready'
  return record.lastSaid === lastSaid ? record : { ...record, lastSaid }
}
