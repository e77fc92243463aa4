import type { Instant } from '../../../kernel/instant.ts'
import { note } from '../history/events.ts'
import type { MessageOf } from '../message.ts'
import { awaitingRoom } from '../places/awaiting-room.ts'
import { subnetConflict } from '../places/subnets.ts'
import { instancesOn } from '../state/find.ts'
import { renewGoals } from '../state/goal-versions.ts'
import { keep, put } from '../state/keep.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { heardFrom } from './heard-from.ts'

/**
 * A host registers. A new one is in reserve; its first report says what it runs. One with the subnet of another host is not taken in.
 */
export function receiveRegistration(
  state: FabricState,
  { facts }: MessageOf<'register'>,
  now: Instant,
): ControllerStep {
  if (subnetConflict(state, facts) !== undefined) return { state, touched: [] }
  const known = state.stored.host.get(facts.name)
  const record = { ...facts, inService: known?.inService ?? false, drain: known?.drain }
  const kept = keep(state, put('host', facts.name, record))
  const noted = known
    ? kept
    : note(kept, now, {
        subject: facts.name,
        kind: 'HostRegistered',
        reason: `${facts.cores} cores in fault domain ${facts.faultDomain}`,
      })
  const heard = heardFrom(noted, facts.name, now)
  const { synchronised, room, reportNumbers } = heard.state.observed
  const observed = observe(heard.state, {
    synchronised: synchronised.delete(facts.name),
    room: room + 1,
    // A new run of the agent counts its reports from 0.
    reportNumbers:
      known?.agentRun === facts.agentRun
        ? reportNumbers
        : reportNumbers.deleteAll(instancesOn(heard.state, facts.name).map(({ key }) => key)),
  })
  return { state: renewGoals(observed, [facts.name]), touched: ['pool', ...heard.touched, ...awaitingRoom(observed)] }
}
