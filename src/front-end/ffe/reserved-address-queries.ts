import type { ReservedAddressView } from '../../fabric/contract/reserved-address.ts'
import { refusals } from '../contract/errors.ts'
import { reservedAddressDocument, reservedAddressesDocument } from '../contract/wire/reserved-addresses.ts'
import { type Query, reply } from './query.ts'

/** V-8. */
export const listReservedAddresses: Query = async ({ subscriptionId }, { fabric }) => {
  const all = await fabric.view('reservedAddresses', { subscriptionId })
  return all.ok ? reply(reservedAddressesDocument, all.value.map(described)) : all
}

/** V-8. */
export const getReservedAddress: Query = async ({ subscriptionId, params }, { fabric }) => {
  const all = await fabric.view('reservedAddresses', { subscriptionId })
  if (!all.ok) return all
  const asked = params['reserved'] ?? ''
  const found = all.value.find(({ name }) => name.toLowerCase() === asked.toLowerCase())
  return found
    ? reply(reservedAddressDocument, described(found))
    : refusals.missing(`The reserved IP '${asked}' does not exist.`)
}

function described({ name, address, id, label, location, user }: ReservedAddressView) {
  return {
    name,
    address,
    id: id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    label,
    state: 'Created',
    inUse: user && true,
    serviceName: user?.service,
    deploymentName: user?.deployment,
    location,
    virtualIPName: user && name,
  }
}
