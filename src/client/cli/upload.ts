import { randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { systemWords } from '../../kernel/system-words.ts'
import { Failure } from './failure.ts'

/** An account of the Blob service, as the API names it (B-5). */
export interface BlobAccount {
  readonly name: string
  readonly key: string
  /** With or without a slash at its end. */
  readonly blobEndpoint: string
}

export interface UploadedPackage {
  readonly url: string
  /** Deletes the blob: the server keeps its own copy once the operation has ended (B-2). */
  readonly remove: () => Promise<void>
}

/** The container that the tools of the original used for packages. */
const container = 'deployments'

/** Puts a package into the account's Blob service. `progress` is told how much of it is there, from 0 to 1. */
export async function uploadPackage(
  path: string,
  account: BlobAccount,
  signal: AbortSignal,
  progress: (share: number) => void,
): Promise<UploadedPackage> {
  // Loaded late: the library takes longer to load than most verbs take to run.
  const { BlobServiceClient, StorageSharedKeyCredential } = await import('@azure/storage-blob')
  const credential = new StorageSharedKeyCredential(account.name, account.key)
  const packages = new BlobServiceClient(account.blobEndpoint.replace(/\/+$/, ''), credential).getContainerClient(
    container,
  )
  const blob = packages.getBlockBlobClient(`${randomUUID()}.cspkg`)
  const bytes = Math.max(1, statSync(path).size)
  try {
    await packages.createIfNotExists({ abortSignal: signal })
    await blob.uploadFile(path, {
      abortSignal: signal,
      onProgress: ({ loadedBytes }) => progress(Math.min(1, loadedBytes / bytes)),
      blobHTTPHeaders: { blobContentType: 'application/octet-stream' },
    })
  } catch (error) {
    throw new Failure(
      `The package ${path} could not be put into the Blob service at ${account.blobEndpoint}: ${systemWords(error)}.`,
    )
  }
  return {
    url: blob.url,
    async remove() {
      await blob.deleteIfExists().catch(() => {})
    },
  }
}
