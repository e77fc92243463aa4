import type { Agent, Step } from '../../kernel/agent.ts'
import type { ControllerAction, Outcome } from './action.ts'
import { decide } from './decide.ts'
import type { Message } from './message.ts'
import { receive } from './receive.ts'
import { refreshRotation } from './rotation.ts'
import { settle } from './settle.ts'
import type { FabricState } from './state.ts'
import { deploymentOf, type Subject } from './subject.ts'

/** The fabric controller as three pure functions. Whatever touches a deployment brings the rotation up to date with it. */
export const controller: Agent<FabricState, Message, Subject, ControllerAction, Outcome> = {
  receive: (state, message, now) => inRotation(receive(state, message, now)),
  decide,
  settle: (state, action, outcome, now) => inRotation(settle(state, action, outcome, now)),
}

function inRotation(step: Step<FabricState, Subject>): Step<FabricState, Subject> {
  const deployments = new Set(step.touched.flatMap((subject) => deploymentOf(subject) ?? []))
  return { state: refreshRotation(step.state, deployments), touched: step.touched }
}
