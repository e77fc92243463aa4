import type { Instant } from '../../../kernel/instant.ts'
import type { Due } from '../due.ts'
import type { MachineRecord } from '../state/records/machine.ts'
import type { FabricState } from '../state/state.ts'
import { hasMember, isStanding, memberUrlOf } from './find-machine.ts'

/** A learner that is not promoted within it never comes. Origin: choice. */
const learnerLimitMs = 600_000

/** After a fault etcd is asked again. Origin: choice. */
export const memberRestMs = 2_000

/** A candidate that has joined gets a member of etcd, a learner first, and is given up when that is never promoted. */
export function enlist(state: FabricState, key: string, machine: MachineRecord, now: Instant): Due {
  if (!hasMember(state, machine) || isStanding(state, machine)) return { actions: [] }
  const until = sinceOf(state, machine, now) + learnerLimitMs
  if (now >= until) {
    const reason = `its member of etcd did not run within ${learnerLimitMs / 60_000} minutes`
    return { actions: [{ kind: 'giveUpMachine', key: `giveUpMachine ${key}`, reason, machine: key }] }
  }
  const { etcd } = machine
  const isDue = !etcd || state.observed.promotions.has(key)
  const rested = (state.observed.memberFaults.get(key)?.at ?? 0) + memberRestMs
  if (!isDue || now < rested) return { actions: [], wakeAt: isDue ? Math.min(rested, until) : until }
  return {
    actions: etcd
      ? [
          {
            kind: 'promoteMember',
            key: `promoteMember ${key}`,
            reason: 'its member of etcd runs and may vote',
            machine: key,
            member: etcd.member,
          },
        ]
      : [
          {
            kind: 'addMember',
            key: `addMember ${key}`,
            reason: 'it is to be a candidate',
            machine: key,
            name: machine.name,
            memberUrl: memberUrlOf(state, machine),
          },
        ],
    wakeAt: until,
  }
}

/** It counts anew for each master, which cannot know how long there was none, nor whose clock has written when the machine joined. */
function sinceOf({ startedAt }: FabricState, { joinedAt }: MachineRecord, now: Instant): Instant {
  return joinedAt > now ? startedAt : Math.max(joinedAt, startedAt)
}
