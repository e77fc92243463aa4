import { type Fault, refused } from '../../../kernel/fault.ts'
import { type Alike, alikeWords } from '../blame/failing.ts'
import { statusOf } from '../seen/status.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import type { UpdateRecord } from '../state/records/update.ts'
import type { FabricState } from '../state/state.ts'
import { domainWords } from './words.ts'

/** U-35. */
export function timeoutFault({ facts }: FabricState, update: UpdateRecord, text: string): Fault {
  const limit = facts.timers.roleReadyTimeout / 1_000
  const message = `The ${domainWords(update)}, was not walked within ${limit} s: ${text}. ${consequence(update)}`
  return refused('OperationTimedOut', message).fault
}

/** U-37, RCY. */
export function recyclingFault(state: FabricState, update: UpdateRecord, instance: InstanceRecord): Fault {
  const { details } = statusOf(state, instance)
  const seen = details === '' ? '' : ` Last seen: ${details}`
  return refused(
    'UpdateDeploymentRoleRecycleThresholdReached',
    `Role instances recycled a certain amount of times during an update or upgrade operation: ${instance.name} failed ${state.facts.timers.recycleThreshold} times in a row (${domainWords(update)}).${seen} The new version of the service or its configuration prevents role instances from running. ${consequence(update)}`,
  ).fault
}

/** H-40. */
export function alikeFault(update: UpdateRecord, alike: Alike): Fault {
  return refused(
    'UpdateDeploymentRoleRecycleThresholdReached',
    `The ${domainWords(update)}: ${alikeWords(alike)}. That is the fault of the new version of the service or its configuration, and none of the hosts'. ${consequence(update)}`,
  ).fault
}

/** The words for what happens then, by what the caller asked for. */
function consequence({ onFailure, kind }: UpdateRecord): string {
  return onFailure === 'rollback' && kind !== 'rollback'
    ? 'It is rolled back.'
    : 'It stays in this domain: roll it back, or upgrade to a version that works.'
}
