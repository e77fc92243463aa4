import type { Instant } from '../../kernel/instant.ts'
import { receiveCommand } from './commands/receive-command.ts'
import { receiveJoin } from './machines/join.ts'
import { receivePromote } from './machines/promote.ts'
import { receiveRenewed } from './machines/renew.ts'
import type { Message, MessageKind, MessageOf } from './message.ts'
import { receivePackageRead } from './packages/package-read.ts'
import { receivePackagesHeld } from './packages/packages-held.ts'
import { receiveBalancerPoll, receiveBalancerReport } from './rotation/balancer.ts'
import { receiveAsk, receiveAskEnded } from './seen/ask.ts'
import { receiveGoalGiven } from './seen/goal-given.ts'
import { receiveRegistration } from './seen/registration.ts'
import { receiveReport } from './seen/report.ts'
import { receiveSeen } from './seen/version-seen.ts'
import type { FabricState } from './state/state.ts'
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
  packagesHeld: receivePackagesHeld,
  seen: receiveSeen,
  ask: receiveAsk,
  askEnded: receiveAskEnded,
  join: receiveJoin,
  renewed: receiveRenewed,
  promote: receivePromote,
}

/** Takes in a message from above or below, and names the subjects that it touched. */
export function receive(state: FabricState, message: Message, now: Instant): ControllerStep {
  const receiver = receivers[message.kind] as (state: FabricState, message: Message, now: Instant) => ControllerStep
  return receiver(state, message, now)
}
