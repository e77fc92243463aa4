import { document } from './document.ts'
import { extendedProperties } from './extended-properties.ts'
import { record } from './record.ts'
import { text } from './scalars.ts'
import { optional } from './tag.ts'

/** Body of Create Cloud Service (C-1). */
export const createHostedService = document(
  record('CreateHostedService', {
    serviceName: text('ServiceName'),
    /** Base64. */
    label: text('Label'),
    description: optional(text('Description')),
    location: optional(text('Location')),
    affinityGroup: optional(text('AffinityGroup')),
    extendedProperties,
    reverseDnsFqdn: optional(text('ReverseDnsFqdn')),
  }),
)

/** Body of Update Cloud Service (C-2). */
export const updateHostedService = document(
  record('UpdateHostedService', {
    /** Base64. */
    label: optional(text('Label')),
    description: optional(text('Description')),
    extendedProperties,
    reverseDnsFqdn: optional(text('ReverseDnsFqdn')),
  }),
)
