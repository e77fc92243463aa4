import type { Instant } from '../../kernel/instant.ts'
import type { Resolution, ResolutionOf } from './action.ts'
import { brakeEnded } from './brake/end-brake.ts'
import { finished } from './deployment/finish.ts'
import { forgotten } from './deployment/forget.ts'
import { tell } from './deployment/tell.ts'
import { historyForgotten } from './history/forget-history.ts'
import { machinesForgotten } from './machines/former-machines.ts'
import { givenUp } from './machines/part-with.ts'
import { hostForgotten } from './machines/removed-host.ts'
import { healed } from './places/heal.ts'
import { takeBack } from './rotation/take-back.ts'
import { takeOut } from './rotation/take-out.ts'
import { declareLost } from './seen/declare-lost.ts'
import { awaitRoom } from './servicing/await-room.ts'
import { beginServicing } from './servicing/begin-servicing.ts'
import { declareDrained } from './servicing/declare-drained.ts'
import { endServicing } from './servicing/end-servicing.ts'
import { moveServiced } from './servicing/move-serviced.ts'
import { releaseServiced } from './servicing/release-serviced.ts'
import type { FabricState } from './state/state.ts'
import type { ControllerStep } from './step.ts'
import { beginDomain } from './update/begin-domain.ts'
import { endUpdate } from './update/end-update.ts'
import { failUpdate } from './update/fail-update.ts'
import { passDomain } from './update/pass-domain.ts'
import { removeInstances } from './update/remove-instances.ts'

type Resolving = {
  readonly [Kind in Resolution['kind']]: (
    state: FabricState,
    resolution: ResolutionOf<Kind>,
    now: Instant,
  ) => ControllerStep
}

const resolving: Resolving = {
  takeOut,
  takeBack,
  tell,
  forget: forgotten,
  beginDomain,
  passDomain,
  removeInstances,
  endUpdate,
  failUpdate,
  finish: finished,
  beginServicing,
  awaitRoom,
  moveServiced,
  releaseServiced,
  endServicing,
  declareDrained,
  declareLost,
  heal: healed,
  endBrake: brakeEnded,
  forgetHistory: historyForgotten,
  giveUpMachine: givenUp,
  forgetMachines: machinesForgotten,
  forgetHost: hostForgotten,
}

/** Applies a resolution to the same state that it was decided on. */
export function resolve(state: FabricState, resolution: Resolution, now: Instant): ControllerStep {
  const resolveKind = resolving[resolution.kind] as (
    state: FabricState,
    resolution: Resolution,
    now: Instant,
  ) => ControllerStep
  return resolveKind(state, resolution, now)
}

export function isResolution(action: { readonly kind: string }): action is Resolution {
  return Object.hasOwn(resolving, action.kind)
}
