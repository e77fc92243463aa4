import type { Write } from '../../../kernel/store.ts'
import { withRoadsTo } from '../places/roads.ts'
import type { Change } from './change.ts'
import { derive } from './derive.ts'
import { noteWritten } from './measured.ts'
import type { Records, TableName } from './records.ts'
import type { FabricState, Tables } from './state.ts'

export function put<Name extends TableName>(table: Name, key: string, record: Records[Name]): Change {
  return { table, key, record } as Change
}

export function drop(table: TableName, key: string): Change {
  return { table, key, record: undefined }
}

/** Changes stored records. The changes of one call are committed together or not at all. Where a host came or went, the goals of those that have roads to it are new. */
export function keep(state: FabricState, ...changes: readonly Change[]): FabricState {
  if (changes.length === 0) return state
  const group: Write[] = changes.map(({ table, key, record }) => ({ key: `${table}/${key}`, value: record }))
  const { movedMs } = state.observed
  const written = changes.reduce(
    (noted, change) => noteWritten(noted, movedMs, change, state.stored[change.table].get(change.key)),
    state.observed.written,
  )
  const kept = changes.reduce(apply, state)
  const changed = { ...kept, observed: { ...kept.observed, written }, unsaved: state.unsaved.push(group) }
  return changes
    .filter(({ table }) => table === 'host')
    .reduce((so, { key }) => withRoadsTo(so, key, state.stored.host.get(key)), changed)
}

/** The state with a record that is already stored. */
export function apply(state: FabricState, change: Change): FabricState {
  const before = state.stored[change.table].get(change.key)
  const table = change.record
    ? (state.stored[change.table] as Tables['service']).set(change.key, change.record as Records['service'])
    : state.stored[change.table].delete(change.key)
  return {
    ...state,
    stored: { ...state.stored, [change.table]: table },
    derived: derive(state.derived, change, before),
  }
}
