import type { Instant } from '../../kernel/instant.ts'
import type { ActionKind, ActionOf, ControllerAction, Outcome } from './action.ts'
import { settleFetch } from './deployment/settle-fetch.ts'
import { settleFinish } from './deployment/settle-finish.ts'
import { settleForget } from './deployment/settle-forget.ts'
import { settleTell } from './deployment/settle-tell.ts'
import { settleCopyPackage } from './packages/settle-copy-package.ts'
import { settleHeal } from './places/settle-heal.ts'
import { settleTakeBack } from './rotation/settle-take-back.ts'
import { settleTakeOut } from './rotation/settle-take-out.ts'
import { settleDeclareLost } from './seen/settle-declare-lost.ts'
import { settleAwaitRoom } from './servicing/settle-await-room.ts'
import { settleBeginServicing } from './servicing/settle-begin-servicing.ts'
import { settleDeclareDrained } from './servicing/settle-declare-drained.ts'
import { settleEndServicing } from './servicing/settle-end-servicing.ts'
import { settleMoveServiced } from './servicing/settle-move-serviced.ts'
import { settleReleaseServiced } from './servicing/settle-release-serviced.ts'
import { drop, keep } from './state/keep.ts'
import type { FabricState } from './state/state.ts'
import type { ControllerStep } from './step.ts'
import { settleBeginDomain } from './update/settle-begin-domain.ts'
import { settleEndUpdate } from './update/settle-end-update.ts'
import { settleFailUpdate } from './update/settle-fail-update.ts'
import { settlePassDomain } from './update/settle-pass-domain.ts'
import { settleRemoveInstances } from './update/settle-remove-instances.ts'

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
