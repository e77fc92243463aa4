import type { Instant } from '../../../kernel/instant.ts'
import type { RoleSize } from '../../../service-model/sizes.ts'
import { failingOnceHealed } from '../blame/failing.ts'
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
import { viewsFor } from './racks.ts'

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
  const placed = newHost(state, deployment, instance, knownSize(role.vmSize))
  const addresses = addressesOf(state)
  const address = placed && addresses.takeDip(placed.host)
  if (!placed || !address) return undefined
  const { host, faultDomain } = placed
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
    faultDomain,
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
  const healed = kind === 'Healed' ? failingOnceHealed(failing.get(instance.key)) : undefined
  return observe(noteInstance(kept, now, record, kind, `${reason}: started on ${host.name}`), {
    reports: reports.delete(instance.key),
    reportNumbers: reportNumbers.delete(instance.key),
    failing: healed ? failing.set(instance.key, healed) : failing.delete(instance.key),
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
): { readonly host: HostRecord; readonly faultDomain: number } | undefined {
  // All its fault domains are tried, so that any view shows every host.
  const [candidates = []] = viewsFor(state, deployment, candidatesOf(state))
  const { key, role, upgradeDomain } = instance
  const wanted = { key, role, upgradeDomain, size }
  const isAnywhere = deployment.faultDomains.length === 0
  for (const faultDomain of isAnywhere ? [0] : [instance.faultDomain, ...otherDomains(state, deployment, instance)]) {
    const name = place(candidates, [{ ...wanted, faultDomain: isAnywhere ? undefined : faultDomain }])?.get(key)
    const host = name === undefined ? undefined : state.stored.host.get(name)
    if (host) return { host, faultDomain }
  }
  return undefined
}

function otherDomains(state: FabricState, deployment: DeploymentRecord, instance: InstanceRecord): readonly number[] {
  const ofRole = instancesOf(state, deployment.id).filter(({ role }) => role === instance.role)
  const count = (domain: number) => ofRole.filter(({ faultDomain }) => faultDomain === domain).length
  return deployment.faultDomains
    .map((_, domain) => domain)
    .filter((domain) => domain !== instance.faultDomain)
    .toSorted((a, b) => count(a) - count(b))
}

function grown({ guest, c, d, e }: Epochs): Epochs {
  return { guest: guest + 1, c: c + 1, d: d + 1, e: e + 1 }
}
