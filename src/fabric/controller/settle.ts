import type { Instant } from '../../kernel/instant.ts'
import type { Effect, EffectOf, Outcome } from './action.ts'
import { settleFetch } from './deployment/settle-fetch.ts'
import { settleAddMember, settlePromoteMember, settleRemoveMember } from './machines/settle-member.ts'
import { settleCopyPackage } from './packages/settle-copy-package.ts'
import { settleBring, settleShare } from './packages/settle-hold.ts'
import { someAreRead, usedPackages } from './packages/used-packages.ts'
import { drop, keep } from './state/keep.ts'
import type { FabricState } from './state/state.ts'
import type { ControllerStep } from './step.ts'

type Settling = {
  readonly [Kind in Effect['kind']]: (
    state: FabricState,
    action: EffectOf<Kind>,
    now: Instant,
    outcome: Outcome,
  ) => ControllerStep
}

const settling: Settling = {
  fetchPackage: settleFetch,
  copyPackage: settleCopyPackage,
  addMember: settleAddMember,
  promoteMember: settlePromoteMember,
  removeMember: settleRemoveMember,
  sharePackage: settleShare,
  bringPackage: settleBring,
  // It may have been read again while a holder did not answer; then the next read puts back what was dropped.
  dropPackage: (state, { sha256 }) => ({
    state: someAreRead(state) || usedPackages(state).has(sha256) ? state : keep(state, drop('package', sha256)),
    touched: [],
  }),
}

/** What follows when an effect has ended. The state may have changed since the decision, so each checks again what it relies on. */
export function settle(state: FabricState, action: Effect, outcome: Outcome, now: Instant): ControllerStep {
  const settleKind = settling[action.kind] as (
    state: FabricState,
    action: Effect,
    now: Instant,
    outcome: Outcome,
  ) => ControllerStep
  return settleKind(state, action, now, outcome)
}
