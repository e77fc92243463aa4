import type { Instant } from '../../../kernel/instant.ts'
import type { RoleSize } from '../../../service-model/sizes.ts'
import { justHealed } from '../blame/failing.ts'
import { nextTold, targetOf, versionAfter } from '../deployment/target.ts'
import { noteInstance } from '../history/events.ts'
import { releaseOf } from '../servicing/release.ts'
import { instancesOf, versionOf } from '../state/find.ts'
import { keep, put } from '../state/keep.ts'
import { knownSize } from '../state/load.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { HostRecord } from '../state/records/host.ts'
import type { Epochs, InstanceRecord } from '../state/records/instance.ts'
import { type FabricState, observe } from '../state/state.ts'
import { addressesOf } from './addresses.ts'
import { containerId } from './container-id.ts'
import { localPorts } from './local-ports.ts'
import { place } from './placement.ts'
import { candidatesOf } from './pool.ts'

/** Why an instance starts on another host: the kind of its event, and the words. */
interface Why {
  readonly kind: 'Healed' | 'Moved'
  readonly reason: string
}

/**
 * The state with the instance on another host: every drive rebuilt, the same ID, upgrade domain and endpoints (H-16), and the version that its domain
 * should have now (U-55). Undefined when no host has room, or no address is left.
 */
export function relocated(
  state: FabricState,
  instance: InstanceRecord,
  { kind, reason }: Why,
  now: Instant,
): FabricState | undefined {
  const deployment = state.stored.deployment.get(instance.deployment) as DeploymentRecord
  const starting = targetOf(deployment, instance).version
  const { version, package: found } = versionOf(state, deployment, starting, instance.role)
  const { roles } = found.model.definition
  const ordinal = roles.findIndex(({ name }) => name === instance.role)
  const role = roles[ordinal]
  if (!role) throw new Error(`the role ${instance.role} of ${instance.key} is not in its package`)
  const host = newHost(state, deployment, instance, knownSize(role.vmSize))
  const addresses = addressesOf(state)
  const address = host && addresses.takeDip(host)
  if (!host || !address) return undefined
  const here = { ...instance, host: host.name }
  const target = targetOf(deployment, here)
  const placement = instance.placement + 1
  const told = nextTold(here, { ...target, epochs: grown(target.epochs) }, deployment.vip)
  const record: InstanceRecord = {
    ...here,
    address,
    containerId: containerId(deployment.id, state.facts.epoch, ordinal, { ...instance, placement }),
    size: role.vmSize,
    release: releaseOf(state.facts, version.configuration),
    ports: localPorts(role, instance.index, host.firstPort),
    faultDomain: Math.max(0, deployment.faultDomains.indexOf(host.faultDomain)),
    placement,
    account: undefined,
    ...versionAfter(deployment, instance, target),
    epochs: told.epochs,
    told,
    inRotation: false,
    runSince: now,
    tasksSince: undefined,
  }
  const kept = keep(state, put('host', host.name, { ...host, inService: true }), put('instance', instance.key, record))
  const { reports, reportNumbers, failing, leaving, readySince } = kept.observed
  return observe(noteInstance(kept, now, record, kind, `${reason}: started on ${host.name}`), {
    reports: reports.delete(instance.key),
    reportNumbers: reportNumbers.delete(instance.key),
    failing: kind === 'Healed' ? failing.set(instance.key, justHealed) : failing.delete(instance.key),
    leaving: leaving.delete(instance.key),
    readySince: readySince.delete(instance.key),
    addressCursor: addresses.cursor(),
  })
}

/**
 * A host with room for the instance's future size, in its former fault domain, else in another one of its deployment, first where fewest of its role
 * stand: running matters more than A-19.
 */
function newHost(
  state: FabricState,
  deployment: DeploymentRecord,
  instance: InstanceRecord,
  size: RoleSize,
): HostRecord | undefined {
  const candidates = candidatesOf(state)
  const { key, role, upgradeDomain } = instance
  const hostIn = (faultDomain: number | undefined) => {
    const name = place(candidates, [{ key, role, upgradeDomain, size, faultDomain }])?.get(key)
    return name === undefined ? undefined : state.stored.host.get(name)
  }
  const former = hostIn(deployment.faultDomains[instance.faultDomain])
  if (former) return former
  for (const rack of otherRacks(state, deployment, instance)) {
    const host = hostIn(rack)
    if (host) return host
  }
  return undefined
}

function otherRacks(state: FabricState, deployment: DeploymentRecord, instance: InstanceRecord): readonly number[] {
  const standing = Map.groupBy(
    instancesOf(state, deployment.id).filter(({ role }) => role === instance.role),
    ({ faultDomain }) => deployment.faultDomains[faultDomain],
  )
  const count = (rack: number) => standing.get(rack)?.length ?? 0
  return deployment.faultDomains
    .filter((_, faultDomain) => faultDomain !== instance.faultDomain)
    .toSorted((a, b) => count(a) - count(b))
}

function grown({ guest, c, d, e }: Epochs): Epochs {
  return { guest: guest + 1, c: c + 1, d: d + 1, e: e + 1 }
}
