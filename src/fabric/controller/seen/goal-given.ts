import { withThrown } from '../history/set-aside.ts'
import type { MessageOf } from '../message.ts'
import { instancesOn } from '../state/find.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject } from '../subject.ts'

/** Of whom a goal cannot say what is wanted is set aside until one can (F-27). */
export function receiveGoalGiven(state: FabricState, { host, threw }: MessageOf<'goalGiven'>): ControllerStep {
  const deployments = new Set(instancesOn(state, host).map(({ deployment }) => deployment))
  const next = [...deployments].reduce(
    (before, id) => withThrown(before, deploymentSubject(id), `goal of ${host}`, threw[id]),
    state,
  )
  return { state: next, touched: [] }
}

/** Whether what a goal throws is news to the state. */
export function isNews(state: FabricState, { host, threw }: Pick<MessageOf<'goalGiven'>, 'host' | 'threw'>): boolean {
  return receiveGoalGiven(state, { kind: 'goalGiven', host, threw }).state !== state
}
