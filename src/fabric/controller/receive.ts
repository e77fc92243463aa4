import type { Instant } from '../../kernel/instant.ts'
import type { Message, MessageKind, MessageOf } from './message.ts'
import { receiveAsk, receiveAskEnded } from './receive/ask.ts'
import { receiveBalancerPoll, receiveBalancerReport } from './receive/balancer.ts'
import { receiveCommand } from './receive/command.ts'
import { receiveGoalGiven } from './receive/goal-given.ts'
import { receivePackageRead } from './receive/package-read.ts'
import { receiveRegistration } from './receive/registration.ts'
import { receiveReport } from './receive/report.ts'
import { receiveSeen } from './receive/seen.ts'
import type { FabricState } from './state.ts'
import type { ControllerStep } from './step.ts'

type Receivers = {
  readonly [Kind in MessageKind]: (state: FabricState, message: MessageOf<Kind>, now: Instant) => ControllerStep
}

const receivers: Receivers = {
  command: receiveCommand,
  register: receiveRegistration,
  report: receiveReport,
  goalGiven: receiveGoalGiven,
  balancerPoll: receiveBalancerPoll,
  balancerReport: receiveBalancerReport,
  packageRead: receivePackageRead,
  seen: receiveSeen,
  ask: receiveAsk,
  askEnded: receiveAskEnded,
}

/** Takes in what was told from above or below, and names what it touched. */
export function receive(state: FabricState, message: Message, now: Instant): ControllerStep {
  const receiver = receivers[message.kind] as (state: FabricState, message: Message, now: Instant) => ControllerStep
  return receiver(state, message, now)
}
