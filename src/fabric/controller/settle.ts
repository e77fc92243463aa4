import type { Instant } from '../../kernel/instant.ts'
import type { ActionKind, ActionOf, ControllerAction, Outcome } from './action.ts'
import { drop, keep } from './keep.ts'
import type { ControllerStep } from './receive.ts'
import { settleDeclareLost } from './settle/declare-lost.ts'
import { settleFetch } from './settle/fetch.ts'
import { settleFinish } from './settle/finish.ts'
import { settleForget } from './settle/forget.ts'
import { settleHeal } from './settle/heal.ts'
import { settleTakeOut } from './settle/take-out.ts'
import { settleTell } from './settle/tell.ts'
import type { FabricState } from './state.ts'

type Settling = {
  readonly [Kind in ActionKind]: (
    state: FabricState,
    action: ActionOf<Kind>,
    now: Instant,
    outcome: Outcome,
  ) => ControllerStep
}

const settling: Settling = {
  fetchPackage: settleFetch,
  takeOut: settleTakeOut,
  tell: settleTell,
  forget: settleForget,
  finish: settleFinish,
  declareLost: settleDeclareLost,
  heal: settleHeal,
  dropPackage: (state, { sha256 }) => ({ state: keep(state, drop('package', sha256)), touched: [] }),
  forgetHistory: (state, { operations }) => ({
    state: keep(state, ...operations.map((id) => drop('operation', id))),
    touched: [],
  }),
}

/** What an action leads to. Whatever has changed since it was decided counts: each checks again what it relies on. */
export function settle(state: FabricState, action: ControllerAction, outcome: Outcome, now: Instant): ControllerStep {
  const settleKind = settling[action.kind] as (
    state: FabricState,
    action: ControllerAction,
    now: Instant,
    outcome: Outcome,
  ) => ControllerStep
  return settleKind(state, action, now, outcome)
}
