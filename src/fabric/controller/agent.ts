import type { Agent, Step } from '../../kernel/agent.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Effect, Outcome, Resolution } from './action.ts'
import { decide } from './decide.ts'
import { noteSetAside, withThrown } from './history/set-aside.ts'
import type { Message } from './message.ts'
import { receive } from './receive.ts'
import { isResolution, resolve } from './resolve.ts'
import { refreshRotation } from './rotation/rotation.ts'
import { lapsed, unheard } from './seen/lapsed.ts'
import { settle } from './settle.ts'
import type { FabricState } from './state/state.ts'
import { deploymentOf, type Subject } from './subject.ts'

/** The fabric controller as pure functions. Each change of a deployment also updates the rotation. */
export const controller: Agent<FabricState, Message, Subject, Effect, Outcome, Resolution> = {
  receive: (state, message, now) => inRotation(state, receive(state, message, now), now),
  decide,
  resolve: (state, action, now) =>
    isResolution(action) ? inRotation(state, resolve(state, action, now), now) : undefined,
  settle: (state, action, outcome, now) => inRotation(state, settle(state, action, outcome, now), now),
  lapsed,
  unheard,
  setAside: (state, subject, threw, now) => ({
    state: noteSetAside(state, withThrown(state, subject, 'decision', threw), now),
    touched: [],
  }),
}

function inRotation(
  before: FabricState,
  { state, touched }: Step<FabricState, Subject>,
  now: Instant,
): Step<FabricState, Subject> {
  const deployments = new Set(touched.flatMap((subject) => deploymentOf(subject) ?? []))
  return { state: noteSetAside(before, refreshRotation(state, deployments), now), touched }
}
