import type { Instant } from '../../../kernel/instant.ts'
import type { ResolutionOf } from '../action.ts'
import { note } from '../history/events.ts'
import type { Change } from '../state/change.ts'
import { drop, keep, put } from '../state/keep.ts'
import type { FormerMachineRecord, MachineRecord } from '../state/records/machine.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { hasMember, memberUrlOf } from './find-machine.ts'
import { surelyEndsAt } from './in-force.ts'

/** The changes by which a machine is no part of the fabric any more: with them its certificates are worth nothing. What is left to do stays recorded. */
export function partWith(state: FabricState, machine: MachineRecord, now: Instant): readonly Change[] {
  const { name, token, certificates, etcd } = machine
  const left: FormerMachineRecord = {
    name,
    removedAt: now,
    ...(hasMember(state, machine) && { member: { id: etcd?.member ?? '', memberUrl: memberUrlOf(state, machine) } }),
    etcdCertificates: certificates.filter((mark) => mark.party === 'etcd' && surelyEndsAt(mark) > now),
  }
  return [
    drop('machine', name.toLowerCase()),
    put('formerMachine', token || name.toLowerCase(), left),
    ...withoutPortal(state, machine),
  ]
}

function withoutPortal({ stored }: FabricState, { portalThumbprint }: MachineRecord): readonly Change[] {
  const subscription = stored.subscription.first()
  if (portalThumbprint === undefined || !subscription) return []
  const certificates = subscription.certificates.filter(({ thumbprint }) => thumbprint !== portalThumbprint)
  return [put('subscription', subscription.id, { ...subscription, certificates })]
}

/** A candidate whose member of etcd never ran is forgotten. */
export function givenUp(
  state: FabricState,
  { machine: key, reason }: ResolutionOf<'giveUpMachine'>,
  now: Instant,
): ControllerStep {
  const machine = state.stored.machine.get(key) as MachineRecord
  const parted = keep(state, ...partWith(state, machine, now))
  return { state: note(parted, now, { subject: machine.name, kind: 'MachineGivenUp', reason }), touched: ['pool'] }
}
