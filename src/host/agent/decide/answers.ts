import type { Decision } from '../../../kernel/agent.ts'
import type { HostAction } from '../action.ts'
import type { HostState } from '../state.ts'

/** Each question of the fabric is answered once. */
export function answers({ goal, answered, containers }: HostState): Decision<HostAction> {
  const open = goal.asks.filter(({ id }) => !answered.includes(id))
  return {
    actions: open.map((ask) => ({
      kind: 'answer',
      key: `ask:${ask.id}`,
      ask,
      record: [...containers.values()].find(({ record }) => record.key === ask.key)?.record,
      reason: `the fabric asks for the log ${ask.log} of ${ask.key}`,
    })),
  }
}
