import { withThrown } from '../history/set-aside.ts'
import type { MessageOf } from '../message.ts'
import { instancesOn } from '../state/find.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject } from '../subject.ts'

/** A deployment that a goal could not include is set aside until a goal can (F-27). */
export function receiveGoalGiven(state: FabricState, { host, threw }: MessageOf<'goalGiven'>): ControllerStep {
  const deployments = new Set(instancesOn(state, host).map(({ deployment }) => deployment))
  const next = [...deployments].reduce(
    (before, id) => withThrown(before, deploymentSubject(id), `goal of ${host}`, threw[id]),
    state,
  )
  return { state: next, touched: [] }
}

/** Whether the errors that a goal threw are new to the state. */
export function isNews(state: FabricState, { host, threw }: Pick<MessageOf<'goalGiven'>, 'host' | 'threw'>): boolean {
  return receiveGoalGiven(state, { kind: 'goalGiven', host, threw }).state !== state
}
