import type { Fault } from '../../../kernel/fault.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { EffectOf, Outcome } from '../action.ts'
import { note } from '../history/events.ts'
import { keep, put } from '../state/keep.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { machineSubject } from '../subject.ts'

/** A machine's learner was added, or could not be: then it is tried again. One whose machine was removed meanwhile is removed too. */
export function settleAddMember(
  state: FabricState,
  { machine: key, name, memberUrl }: EffectOf<'addMember'>,
  now: Instant,
  outcome: Outcome,
): ControllerStep {
  if (outcome.kind !== 'memberAdded') throw new Error('addMember ended without a result')
  const { result } = outcome
  if (!result.ok) return { state: withFault(state, key, result.fault, now), touched: [machineSubject(key)] }
  const { member, initialCluster } = result.value
  const machine = state.stored.machine.get(key)
  if (machine)
    return {
      state: keep(state, put('machine', key, { ...machine, etcd: { member, initialCluster, isVoter: false } })),
      touched: [machineSubject(key)],
    }
  const left = { name, member: { id: member, memberUrl }, removedAt: now, etcdCertificates: [] }
  return { state: keep(state, put('formerMachine', `member ${member}`, left)), touched: ['pool'] }
}

/** A machine's member of etcd is a voter, or is not abreast yet: then it is tried when the machine asks again. */
export function settlePromoteMember(
  state: FabricState,
  { machine: key }: EffectOf<'promoteMember'>,
  now: Instant,
  outcome: Outcome,
): ControllerStep {
  if (outcome.kind !== 'memberChanged') throw new Error('promoteMember ended without a result')
  const asked = observe(state, { promotions: state.observed.promotions.delete(key) })
  const machine = state.stored.machine.get(key)
  if (!machine?.etcd) return { state: asked, touched: [] }
  const touched = [machineSubject(key)]
  if (!outcome.result.ok) return { state: withFault(asked, key, outcome.result.fault, now), touched }
  const voter = keep(asked, put('machine', key, { ...machine, etcd: { ...machine.etcd, isVoter: true } }))
  const reason = 'its member of etcd votes'
  return { state: note(voter, now, { subject: machine.name, kind: 'CandidateReady', reason }), touched }
}

/** The member of a former machine is gone, or could not be removed: then it is tried again. */
export function settleRemoveMember(
  state: FabricState,
  { former: key }: EffectOf<'removeMember'>,
  now: Instant,
  outcome: Outcome,
): ControllerStep {
  if (outcome.kind !== 'memberChanged') throw new Error('removeMember ended without a result')
  const touched = ['pool'] as const
  if (!outcome.result.ok) return { state: withFault(state, key, outcome.result.fault, now), touched }
  const former = state.stored.formerMachine.get(key)
  if (!former) return { state, touched }
  const { member: _, ...left } = former
  return { state: keep(state, put('formerMachine', key, left)), touched }
}

function withFault(state: FabricState, key: string, fault: Fault, at: Instant): FabricState {
  return observe(state, { memberFaults: state.observed.memberFaults.set(key, { fault, at }) })
}
