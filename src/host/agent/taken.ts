import type { Health } from '../../guest/contract/health.ts'
import type { Container, ContainerRecord } from './state.ts'

/**
 * The container whose guest agent, of another make, has asked twice for the same documents and reported nothing in between: it has done
 * with them what it will do, and reports no more (wire-server.md 10.5). What it said last, Ready or not, counts for them; where they want
 * the role stopped, it is; the next role root is its own affair, so that counts as prepared. Who never said a word is not Ready.
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

/** Notes whether an agent of another make is Ready. The same object when it has been said before: a record that changes is written to disk. */
export function withLastSaid(record: ContainerRecord, state: Health['state']): ContainerRecord {
  const lastSaid = state === 'NotReady' ? 'NotReady' : 'Ready'
  return record.lastSaid === lastSaid ? record : { ...record, lastSaid }
}
