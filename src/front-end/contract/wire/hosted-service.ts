import type { RecordOf } from '../../../kernel/document/parts.ts'
import { record } from '../../../kernel/document/record.ts'
import { flag, text, time } from '../../../kernel/document/scalars.ts'
import { list, optional, orNil } from '../../../kernel/document/tag.ts'
import { deployment } from './deployment.ts'
import { document } from './document.ts'
import { extendedProperties } from './extended-properties.ts'

/** Sizes that may be deployed in a place. */
export const computeCapabilities = record('ComputeCapabilities', {
  webWorkerRoleSizes: list('WebWorkerRoleSizes', text('RoleSize')),
  virtualMachinesRoleSizes: list('VirtualMachinesRoleSizes', text('RoleSize')),
})

const properties = record('HostedServiceProperties', {
  description: orNil(text('Description')),
  affinityGroup: optional(text('AffinityGroup')),
  location: optional(text('Location')),
  /** Base64. */
  label: text('Label'),
  status: text('Status'),
  dateCreated: time('DateCreated'),
  dateLastModified: time('DateLastModified'),
  extendedProperties,
  reverseDnsFqdn: optional(text('ReverseDnsFqdn')),
})

const shape = {
  url: text('Url'),
  serviceName: text('ServiceName'),
  properties,
  /** Only with embed-detail, and then always. */
  deployments: optional(list('Deployments', deployment)),
  /** In the list only. */
  computeCapabilities: optional(computeCapabilities),
}
const hostedService = record('HostedService', shape)
export type HostedService = RecordOf<typeof shape>

/** Answer of Get Cloud Service Properties (C-3). */
export const hostedServiceDocument = document(hostedService)

/** Answer of List Cloud Services. */
export const hostedServicesDocument = document(list('HostedServices', hostedService))

/** Answer of Check Name Availability (C-6). */
export const availabilityDocument = document(
  record('AvailabilityResponse', { result: flag('Result'), reason: orNil(text('Reason')) }),
)
