import { record } from '../../../kernel/document/record.ts'
import { text } from '../../../kernel/document/scalars.ts'
import { list, orNil } from '../../../kernel/document/tag.ts'
import { document } from './document.ts'

const properties = record('StorageServiceProperties', {
  description: orNil(text('Description')),
  location: text('Location'),
  /** Base64. */
  label: text('Label'),
  status: text('Status'),
  /** Addresses of the account, that of Blob storage first. */
  endpoints: list('Endpoints', text('Endpoint')),
})

const service = record('StorageService', { url: text('Url'), serviceName: text('ServiceName'), properties })

/** Answer of List Storage Accounts (B-5). */
export const storageServicesDocument = document(list('StorageServices', service))

/** Answer of Get Storage Account Properties (B-5). */
export const storageServiceDocument = document(service)

/** Answer of Get Storage Keys (B-5). */
export const storageKeysDocument = document(
  record('StorageService', {
    url: text('Url'),
    keys: record('StorageServiceKeys', { primary: text('Primary'), secondary: text('Secondary') }),
  }),
)
