import type { Step } from '../../kernel/agent.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { RotationTable } from '../contract/rotation.ts'
import type { Message, Subject } from './action.ts'
import { probesOf } from './in-force.ts'
import type { BalancerState } from './state.ts'

type Changed = Step<BalancerState, Subject>

/** A table of the controller, an instance with nothing in flight any more, or a controller that asks again. An older table changes nothing. */
export function receive(state: BalancerState, message: Message, now: Instant): Changed {
  switch (message.kind) {
    case 'table':
      return receiveTable(state, message.table, message.saved ?? false, now)
    case 'idle': {
      const busy = new Set(state.busy)
      busy.delete(message.instance)
      return { state: { ...state, busy }, touched: ['report'] }
    }
    case 'polled':
      // The table that is going into force will be news to any controller; a report of the former one would only delay it.
      if (state.table?.version !== state.served?.version) return { state, touched: [] }
      return { state: { ...state, reported: undefined }, touched: ['report'] }
  }
}

function receiveTable(state: BalancerState, table: RotationTable, saved: boolean, now: Instant): Changed {
  if (state.table && table.version <= state.table.version) return { state, touched: [] }
  const probes = probesOf(table, state.probes, now)
  const savedVersion = saved ? table.version : state.savedVersion
  const looks = [...probes.keys()].map((key): Subject => `probe ${key}`)
  return { state: { ...state, table, probes, savedVersion }, touched: ['rotation', 'copy', ...looks] }
}
