import { record } from '../../../kernel/document/record.ts'
import { flag, text } from '../../../kernel/document/scalars.ts'
import { list, optional } from '../../../kernel/document/tag.ts'
import { document } from './document.ts'
import { given, givenPlainLabel } from './given.ts'

/** Body of Create Reserved IP Address (V-2). The last three would reserve the address that a deployment already has. */
export const createReservedAddress = document(
  record('ReservedIP', {
    name: given('Name'),
    label: optional(givenPlainLabel),
    location: optional(given('Location')),
    serviceName: optional(given('ServiceName')),
    deploymentName: optional(given('DeploymentName')),
    virtualIPName: optional(given('VirtualIPName')),
  }),
)

/** Order of the elements: V-8. */
const reservedAddress = record('ReservedIP', {
  name: text('Name'),
  address: text('Address'),
  id: text('Id'),
  label: optional(text('Label')),
  state: text('State'),
  inUse: optional(flag('InUse')),
  serviceName: optional(text('ServiceName')),
  deploymentName: optional(text('DeploymentName')),
  location: text('Location'),
  virtualIPName: optional(text('VirtualIPName')),
})

/** Answer of Get Reserved IP Address. */
export const reservedAddressDocument = document(reservedAddress)

/** Answer of List Reserved IP Addresses. */
export const reservedAddressesDocument = document(list('ReservedIPs', reservedAddress))
