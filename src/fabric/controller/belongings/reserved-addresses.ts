import { type Fault, fine, type Result, refused } from '../../../kernel/fault.ts'
import type { ServiceConfiguration } from '../../../service-model/configuration.ts'
import { sameName } from '../state/find.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { ReservedAddressRecord, ServiceRecord } from '../state/records.ts'
import type { FabricState } from '../state/state.ts'

/** Key of a reserved address in its table: names are the subscription's own, letter case aside (R-7). */
export function reservedKey(subscriptionId: string, name: string): string {
  return `${subscriptionId}/${name.toLowerCase()}`
}

/** The reserved address with this VIP; undefined for a VIP that goes with its deployment. */
export function reservedAddressOf(state: FabricState, vip: string): ReservedAddressRecord | undefined {
  return state.stored.reservedAddress.get(state.derived.reservedAddresses.get(vip) ?? '')
}

/** The deployment that has the reserved address, from its acceptance until it is gone (V-4, V-5). */
export function userOfAddress(state: FabricState, { address }: ReservedAddressRecord): DeploymentRecord | undefined {
  return [...state.stored.deployment.values()].find(({ vip }) => vip === address)
}

/** The VIP that a configuration names for a new deployment of the service, '' when it names none; refused when it cannot have it (V-4). */
export function claimedAddress(
  state: FabricState,
  service: ServiceRecord,
  { network }: ServiceConfiguration,
): Result<string> {
  const [name] = network.reservedIPs
  if (name === undefined) return fine('')
  const found = state.stored.reservedAddress.get(reservedKey(service.subscriptionId, name))
  if (!found)
    return refused('BadRequest', `The reserved IP '${name}' does not exist. Create it first, or name another one.`)
  const user = userOfAddress(state, found)
  if (user)
    return refused(
      'ConflictError',
      `The reserved IP '${found.name}' is in use by the deployment ${user.name} of the hosted service ${serviceName(state, user)}. Name another one, or delete that deployment first.`,
    )
  // The location of its affinity group, if it is in one (C-1).
  const { location } = service
  if (location !== undefined && location !== found.location)
    return refused(
      'BadRequest',
      `The reserved IP '${found.name}' is in the location ${found.location}, and the hosted service ${service.name} in ${location}. Create one in ${location}.`,
    )
  return fine(found.address)
}

/**
 * Why an update may not bring this configuration: a deployment keeps the address that it was created with (V-6). A swapped deployment may give either
 * name: its present address, or the one that its configuration has named so far.
 */
export function addressChange(
  state: FabricState,
  deployment: DeploymentRecord,
  { network }: ServiceConfiguration,
): Fault | undefined {
  const [asked] = network.reservedIPs
  const held = reservedAddressOf(state, deployment.vip)?.name
  const named = deployment.versions[deployment.current]?.configuration.network.reservedIPs[0]
  const isSame = asked === undefined ? held === undefined : [held, named].some((one) => one && sameName(one, asked))
  if (isSame) return undefined
  const has = held === undefined ? 'has no reserved IP' : `has the reserved IP '${held}'`
  const wants = asked === undefined ? 'names none' : `names '${asked}'`
  return refused(
    'BadRequest',
    `The reserved IP of the running deployment ${deployment.name} cannot be added, changed or removed: it ${has}, and the new service configuration ${wants}. Put ${held === undefined ? 'no ReservedIP' : `'${held}'`} into the configuration, or deploy to an empty slot instead.`,
  ).fault
}

/** U-61: both slots have a reserved address, or neither has. */
export function unevenAddresses(
  state: FabricState,
  live: DeploymentRecord,
  staged: DeploymentRecord,
): Fault | undefined {
  const [one, other] = [live, staged].map(({ vip }) => reservedAddressOf(state, vip))
  if ((one === undefined) === (other === undefined)) return undefined
  const [has, lacks] = one ? [live, staged] : [staged, live]
  return refused(
    'BadRequest',
    `The virtual addresses cannot be swapped: ${has.name} has the reserved IP '${(one ?? other)?.name}' and ${lacks.name} has none. Both slots need a reserved IP, or neither.`,
  ).fault
}

function serviceName(state: FabricState, { service }: DeploymentRecord): string {
  return state.stored.service.get(service)?.name ?? service
}
