import type { Instant } from '../../kernel/instant.ts'
import type { Probe, PublicEndpoint, RotationMember, RotationTable } from '../contract/rotation.ts'
import { firstProbeState, isHeldOut, type ProbeState } from './probe-state.ts'

/** Probes by key: members of several endpoints that need the same probe share one. */
export type Probes = ReadonlyMap<string, ProbeState>

export function probeKey(probe: Probe): string {
  const pace = `${probe.intervalMs}/${probe.timeoutMs}`
  return `${probe.protocol}://${probe.address}:${probe.port}${probe.path ?? ''} ${pace}`
}

/** The probes that a table asks for. The state of a probe is held as long as a member that is `in` asks for it. */
export function probesOf(table: RotationTable, known: Probes, now: Instant): Probes {
  const probes = new Map<string, ProbeState>()
  for (const { member, probe } of probedMembers(table)) {
    const key = probeKey(probe)
    if (member.state === 'in') probes.set(key, known.get(key) ?? firstProbeState(probe, now))
  }
  return probes
}

/** The table's endpoints as the data plane must serve them: a probe can only take a member out (L-5). */
export function endpointsInForce(table: RotationTable, probes: Probes, now: Instant): readonly PublicEndpoint[] {
  return table.endpoints.map((endpoint) => ({
    ...endpoint,
    members: endpoint.members.map((member) => {
      const state = member.probe && probes.get(probeKey(member.probe))
      return member.state === 'in' && state && isHeldOut(state, now) ? { ...member, state: 'out' as const } : member
    }),
  }))
}

/** Instances that are out because of a probe, with what it saw. */
export function probedOut(table: RotationTable, probes: Probes, now: Instant): Readonly<Record<string, string>> {
  const out: Record<string, string> = {}
  for (const { member, probe } of probedMembers(table)) {
    const state = probes.get(probeKey(probe))
    if (member.state === 'in' && state && isHeldOut(state, now)) out[member.instance] = state.saw ?? 'was silent'
  }
  return out
}

function* probedMembers(table: RotationTable): Generator<{ readonly member: RotationMember; readonly probe: Probe }> {
  for (const endpoint of table.endpoints)
    for (const member of endpoint.members) if (member.probe) yield { member, probe: member.probe }
}
