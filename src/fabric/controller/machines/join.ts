import type { Instant } from '../../../kernel/instant.ts'
import { note } from '../history/events.ts'
import type { MessageOf } from '../message.ts'
import type { Change } from '../state/change.ts'
import { keep, put } from '../state/keep.ts'
import type { JoinTokenRecord, MachineRecord } from '../state/records/machine.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { machineSubject } from '../subject.ts'
import { freeNumber } from './free-number.ts'
import { inForce } from './in-force.ts'
import { joinedAlready, joinRefusal } from './join-refusal.ts'
import type { Joiner } from './joiner.ts'

/** A machine joins: its record and the end of its token are one. One that may not join changes nothing; who asks for it finds out why. */
export function receiveJoin(state: FabricState, { joiner }: MessageOf<'join'>, now: Instant): ControllerStep {
  if (joinRefusal(state, joiner, now)) return { state, touched: [] }
  const former = joinedAlready(state, joiner)
  const key = joiner.name.toLowerCase()
  const touched = [machineSubject(key)]
  if (former) {
    // What hindered its member of etcd is tried again at once.
    const asked = observe(state, { memberFaults: state.observed.memberFaults.delete(key) })
    // Until it has a member its joins were refused, and etcd's certificates with them: none of those was given out.
    const given = former.certificates.filter(({ party }) => party !== 'etcd' || former.etcd !== undefined)
    const certificates = inForce(given, joiner.certificates, now)
    return { state: keep(asked, put('machine', key, { ...former, certificates })), touched }
  }
  const machine = recordOf(joiner, freeNumber(state) as number, now)
  const token = state.stored.joinToken.get(joiner.token) as JoinTokenRecord
  const kept = keep(
    state,
    put('machine', key, machine),
    put('joinToken', joiner.token, { ...token, usedBy: joiner.name }),
    ...withPortal(state, joiner, now),
  )
  const reason = `at ${joiner.address}, as ${joiner.controller ? 'a candidate and a host' : 'a host'}`
  return { state: note(kept, now, { subject: joiner.name, kind: 'MachineJoined', reason }), touched }
}

function recordOf(joiner: Joiner, number: number, now: Instant): MachineRecord {
  const { name, address, controller, version, computer, keys, token, certificates, portal } = joiner
  return {
    name,
    address,
    number,
    controller,
    version,
    computer,
    keys,
    token,
    certificates,
    joinedAt: now,
    portalThumbprint: portal?.thumbprint,
  }
}

/** The portal of a candidate signs in to the subscription, like that of the first machine (S-8). */
function withPortal({ stored }: FabricState, { portal }: Joiner, now: Instant): readonly Change[] {
  const subscription = stored.subscription.first()
  if (!portal || !subscription) return []
  if (subscription.certificates.some(({ thumbprint }) => thumbprint === portal.thumbprint)) return []
  const certificates = [...subscription.certificates, { ...portal, createdAt: now }]
  return [put('subscription', subscription.id, { ...subscription, certificates })]
}
