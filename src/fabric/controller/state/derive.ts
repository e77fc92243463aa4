import { type Map, OrderedSet } from 'immutable'
import type { Change } from './change.ts'
import { countedCores, noLoad, withInstance } from './load.ts'
import type { DeploymentRecord } from './records/deployment.ts'
import type { InstanceRecord } from './records/instance.ts'
import type { MachineRecord } from './records/machine.ts'
import type { Records, ReservedAddressRecord, TableName } from './records.ts'
import type { Derived } from './state.ts'

/** The derived half after a change of one record; `before` is its former value. */
export function derive(derived: Derived, change: Change, before: Records[TableName] | undefined): Derived {
  switch (change.table) {
    case 'instance':
      return withoutThenWith(derived, before as InstanceRecord | undefined, change.record)
    case 'deployment':
      return ofDeployment(derived, before as DeploymentRecord | undefined, change.record)
    case 'reservedAddress':
      return ofReservedAddress(derived, change.key, before as ReservedAddressRecord | undefined, change.record)
    case 'event':
      return {
        ...derived,
        lastEvent: Math.max(derived.lastEvent, change.record?.number ?? 0),
      }
    case 'host':
      return { ...derived, serviced: servicedAfter(derived.serviced, change.key, change.record?.drain !== undefined) }
    case 'machine':
      return ofMachine(derived, before as MachineRecord | undefined, change.record)
    case 'affinityGroup':
    case 'brake':
    case 'authority':
    case 'certificate':
    case 'extension':
    case 'formerMachine':
    case 'joinToken':
    case 'operation':
    case 'package':
    case 'packageCopy':
    case 'restoration':
    case 'service':
    case 'subscription':
      return derived
  }
}

function servicedAfter(former: string | undefined, host: string, isServiced: boolean): string | undefined {
  if (isServiced) return host
  return former === host ? undefined : former
}

function withoutThenWith(derived: Derived, before?: InstanceRecord, after?: InstanceRecord): Derived {
  if (before && after && isSameLoad(before, after)) return derived
  const less = before ? ofInstance(derived, before, -1) : derived
  return after ? ofInstance(less, after, 1) : less
}

function isSameLoad(before: InstanceRecord, after: InstanceRecord): boolean {
  return before.host === after.host && before.address === after.address && before.size === after.size
}

function ofInstance(derived: Derived, instance: InstanceRecord, sign: 1 | -1): Derived {
  const { key, host, deployment, address } = instance
  const load = withInstance(derived.loads.get(host, noLoad), instance, sign)
  return {
    ...derived,
    loads: load.instances === 0 ? derived.loads.delete(host) : derived.loads.set(host, load),
    instancesOf: listed(derived.instancesOf, deployment, key, sign),
    instancesOn: listed(derived.instancesOn, host, key, sign),
    addresses: sign === 1 ? derived.addresses.add(address) : derived.addresses.delete(address),
    cores: derived.cores.update(instance.subscriptionId, 0, (cores) => cores + sign * countedCores(instance)),
  }
}

function ofDeployment(derived: Derived, before?: DeploymentRecord, after?: DeploymentRecord): Derived {
  const less = before && !after ? listed(derived.deploymentsOf, before.service, before.id, -1) : derived.deploymentsOf
  // A swap exchanges VIPs: one is free only when its deployment is deleted.
  const released = before && !after ? derived.addresses.delete(before.vip) : derived.addresses
  return {
    ...derived,
    deploymentsOf: after && !before ? listed(less, after.service, after.id, 1) : less,
    addresses: after?.vip ? released.add(after.vip) : released,
  }
}

function ofReservedAddress(
  derived: Derived,
  key: string,
  before?: ReservedAddressRecord,
  after?: ReservedAddressRecord,
): Derived {
  const less = before ? derived.reservedAddresses.delete(before.address) : derived.reservedAddresses
  return { ...derived, reservedAddresses: after ? less.set(after.address, key) : less }
}

function ofMachine(derived: Derived, before?: MachineRecord, after?: MachineRecord): Derived {
  const fingerprintsOf = (one?: MachineRecord) => one?.certificates.map(({ fingerprint }) => fingerprint) ?? []
  const fingerprints = derived.fingerprints.subtract(fingerprintsOf(before)).union(fingerprintsOf(after))
  return { ...derived, fingerprints }
}

function listed(
  lists: Map<string, OrderedSet<string>>,
  owner: string,
  member: string,
  sign: 1 | -1,
): Map<string, OrderedSet<string>> {
  const list = lists.get(owner, OrderedSet<string>())
  const changed = sign === 1 ? list.add(member) : list.delete(member)
  return changed.isEmpty() ? lists.delete(owner) : lists.set(owner, changed)
}
