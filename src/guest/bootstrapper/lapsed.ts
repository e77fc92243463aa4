import { moved } from '../../kernel/instant.ts'
import type { BootstrapperState, Stage } from './state.ts'

/** Adds the time in which this bootstrapper could not receive from the role: to start, to stop, to answer a StatusCheck (H-37). */
export function lapsed(state: BootstrapperState, ms: number): BootstrapperState {
  const { stage, change, check } = state
  return {
    ...state,
    stage: stageAfter(stage, ms),
    change: change && moved(change, ms, 'since'),
    check: check && moved(check, ms, 'at'),
  }
}

function stageAfter(stage: Stage, ms: number): Stage {
  return stage.kind === 'stopping' ? moved(stage, ms, 'since', 'deadline', 'terminatedAt') : moved(stage, ms, 'since')
}
