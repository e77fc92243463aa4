import { record } from '../../../kernel/document/record.ts'
import { flag, text, time } from '../../../kernel/document/scalars.ts'
import { list, optional, orElse } from '../../../kernel/document/tag.ts'
import { attachmentLimit } from '../names.ts'
import { document } from './document.ts'
import { given, givenBase64 } from './given.ts'

/** Body of Add Extension (11.1). */
export const addExtension = document(
  record('Extension', {
    providerNamespace: given('ProviderNameSpace'),
    type: given('Type'),
    id: given('Id'),
    thumbprint: optional(given('Thumbprint')),
    thumbprintAlgorithm: optional(given('ThumbprintAlgorithm')),
    /** Base64. */
    publicConfiguration: optional(givenBase64('PublicConfiguration', attachmentLimit)),
    /** Base64; it never comes back. */
    privateConfiguration: optional(givenBase64('PrivateConfiguration', attachmentLimit)),
    version: orElse(given('Version'), '*'),
  }),
)

const extension = record('Extension', {
  providerNamespace: text('ProviderNameSpace'),
  type: text('Type'),
  id: text('Id'),
  version: text('Version'),
  thumbprint: text('Thumbprint'),
  thumbprintAlgorithm: text('ThumbprintAlgorithm'),
  publicConfiguration: text('PublicConfiguration'),
  isJsonExtension: flag('IsJsonExtension'),
  disallowMajorVersionUpgrade: flag('DisallowMajorVersionUpgrade'),
})

/** Answer of Get Extension. */
export const extensionDocument = document(extension)

/** Answer of List Extensions. */
export const extensionsDocument = document(list('Extensions', extension))

/** Answer of List Available Extensions, List Extension Versions and List Publisher Extensions. */
export const extensionImagesDocument = document(
  list(
    'ExtensionImages',
    record('ExtensionImage', {
      providerNamespace: text('ProviderNameSpace'),
      type: text('Type'),
      version: text('Version'),
      label: text('Label'),
      description: text('Description'),
      /** `WebRole`, `WorkerRole`, or `WebRole|WorkerRole`. */
      hostingResources: text('HostingResources'),
      thumbprintAlgorithm: optional(text('ThumbprintAlgorithm')),
      publicConfigurationSchema: optional(text('PublicConfigurationSchema')),
      privateConfigurationSchema: optional(text('PrivateConfigurationSchema')),
      sampleConfig: optional(text('SampleConfig')),
      replicationCompleted: flag('ReplicationCompleted'),
      eula: optional(text('Eula')),
      privacyUri: optional(text('PrivacyUri')),
      homepageUri: optional(text('HomepageUri')),
      isJsonExtension: flag('IsJsonExtension'),
      companyName: optional(text('CompanyName')),
      supportedOS: optional(text('SupportedOS')),
      publishedDate: optional(time('PublishedDate')),
    }),
  ),
)
