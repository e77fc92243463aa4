import type { Instant } from '../../kernel/instant.ts'
import type { ActionKind, ActionOf, ControllerAction, Outcome } from './action.ts'
import { drop, keep } from './keep.ts'
import { settleAwaitRoom } from './settle/await-room.ts'
import { settleBeginDomain } from './settle/begin-domain.ts'
import { settleBeginServicing } from './settle/begin-servicing.ts'
import { settleCopyPackage } from './settle/copy-package.ts'
import { settleDeclareDrained } from './settle/declare-drained.ts'
import { settleDeclareLost } from './settle/declare-lost.ts'
import { settleEndServicing } from './settle/end-servicing.ts'
import { settleEndUpdate } from './settle/end-update.ts'
import { settleFailUpdate } from './settle/fail-update.ts'
import { settleFetch } from './settle/fetch.ts'
import { settleFinish } from './settle/finish.ts'
import { settleForget } from './settle/forget.ts'
import { settleHeal } from './settle/heal.ts'
import { settleMoveServiced } from './settle/move-serviced.ts'
import { settlePassDomain } from './settle/pass-domain.ts'
import { settleReleaseServiced } from './settle/release-serviced.ts'
import { settleRemoveInstances } from './settle/remove-instances.ts'
import { settleTakeBack } from './settle/take-back.ts'
import { settleTakeOut } from './settle/take-out.ts'
import { settleTell } from './settle/tell.ts'
import type { FabricState } from './state.ts'
import type { ControllerStep } from './step.ts'

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
  takeBack: settleTakeBack,
  tell: settleTell,
  forget: settleForget,
  beginDomain: settleBeginDomain,
  passDomain: settlePassDomain,
  removeInstances: settleRemoveInstances,
  endUpdate: settleEndUpdate,
  failUpdate: settleFailUpdate,
  finish: settleFinish,
  beginServicing: settleBeginServicing,
  awaitRoom: settleAwaitRoom,
  moveServiced: settleMoveServiced,
  releaseServiced: settleReleaseServiced,
  endServicing: settleEndServicing,
  declareDrained: settleDeclareDrained,
  declareLost: settleDeclareLost,
  heal: settleHeal,
  copyPackage: settleCopyPackage,
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
