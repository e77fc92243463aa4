import { record } from '../../../kernel/document/record.ts'
import { text, time } from '../../../kernel/document/scalars.ts'
import { list, optional, orElse } from '../../../kernel/document/tag.ts'
import { descriptionLimit } from '../names.ts'
import { document } from './document.ts'
import { given, givenLabel } from './given.ts'
import { computeCapabilities } from './hosted-service.ts'

/** Body of Create Affinity Group (S-6). */
export const createAffinityGroup = document(
  record('CreateAffinityGroup', {
    name: given('Name'),
    /** Base64. */
    label: givenLabel,
    description: optional(given('Description', descriptionLimit)),
    location: given('Location'),
  }),
)

/** Body of Update Affinity Group (S-6). */
export const updateAffinityGroup = document(
  record('UpdateAffinityGroup', {
    /** Base64. */
    label: optional(givenLabel),
    description: optional(given('Description', descriptionLimit)),
  }),
)

const description = {
  name: text('Name'),
  /** Base64. */
  label: text('Label'),
  description: orElse(text('Description'), ''),
  location: text('Location'),
}

const capacity = {
  capabilities: list('Capabilities', text('Capability')),
  createdTime: time('CreatedTime'),
  computeCapabilities,
}

const member = { url: text('Url'), serviceName: text('ServiceName') }

/** Answer of List Affinity Groups. */
export const affinityGroupsDocument = document(
  list('AffinityGroups', record('AffinityGroup', { ...description, ...capacity })),
)

/** Answer of Get Affinity Group Properties. */
export const affinityGroupDocument = document(
  record('AffinityGroup', {
    ...description,
    hostedServices: list('HostedServices', record('HostedService', member)),
    storageServices: list('StorageServices', record('StorageService', member)),
    ...capacity,
  }),
)
