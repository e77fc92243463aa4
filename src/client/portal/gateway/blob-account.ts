import type { BlobServiceClient } from '@azure/storage-blob'
import { systemWords } from '../../../kernel/system-words.ts'
import { openServiceManagement } from '../../service-management/service-management.ts'
import type { ApiLink } from './api-link.ts'
import { Refusal } from './refusal.ts'

/** The subscription's account, whose key the API names (B-5). No page ever sees it. */
export async function blobAccount({ api }: ApiLink) {
  return openServiceManagement(api).storageAccount()
}

/** A client of the account. The library is loaded at the first use: it takes as much memory as all the rest. */
export async function openAccount(link: ApiLink): Promise<BlobServiceClient> {
  const { name, key, blobEndpoint } = await blobAccount(link)
  const { BlobServiceClient, StorageSharedKeyCredential } = await import('@azure/storage-blob')
  return new BlobServiceClient(blobEndpoint.replace(/\/+$/, ''), new StorageSharedKeyCredential(name, key))
}

/** What the Blob service said of something that was asked of it, as a Refusal. */
export function refusedByBlobs(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  const { statusCode } = error as { readonly statusCode?: number }
  if (statusCode === 404) return new Refusal(404, 'The Blob service has no such container or blob.')
  return new Refusal(502, `The Blob service refuses: ${systemWords(error)}.`)
}

/** A name of a container (the special ones begin with `$`), and of a blob. Throws a Refusal for what is none. */
export function containerName(text: string | null): string {
  if (text !== null && /^(?:\$[a-z]{1,20}|[a-z\d](?:[a-z\d-]{1,61})[a-z\d])$/.test(text)) return text
  throw new Refusal(400, 'The name of a container has 3 to 63 lower-case letters, digits and hyphens.')
}

export function blobName(text: string | null): string {
  if (text !== null && text !== '' && text.length <= longestBlobName) return text
  throw new Refusal(400, `The name of a blob has 1 to ${longestBlobName} characters.`)
}

/** Origin: the Blob service's own limit. */
export const longestBlobName = 1024
