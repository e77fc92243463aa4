import { record } from '../../../kernel/document/record.ts'
import { optional } from '../../../kernel/document/tag.ts'
import { descriptionLimit, dnsNameLimit } from '../names.ts'
import { document } from './document.ts'
import { extendedProperties } from './extended-properties.ts'
import { given, givenLabel } from './given.ts'

/** Body of Create Cloud Service (C-1). */
export const createHostedService = document(
  record('CreateHostedService', {
    serviceName: given('ServiceName'),
    /** Base64. */
    label: givenLabel,
    description: optional(given('Description', descriptionLimit)),
    location: optional(given('Location')),
    affinityGroup: optional(given('AffinityGroup')),
    extendedProperties,
    reverseDnsFqdn: optional(given('ReverseDnsFqdn', dnsNameLimit)),
  }),
)

/** Body of Update Cloud Service (C-2). */
export const updateHostedService = document(
  record('UpdateHostedService', {
    /** Base64. */
    label: optional(givenLabel),
    description: optional(given('Description', descriptionLimit)),
    extendedProperties,
    reverseDnsFqdn: optional(given('ReverseDnsFqdn', dnsNameLimit)),
  }),
)
