import { randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import type { ContainerClient } from '@azure/storage-blob'
import { systemWords } from '../../kernel/system-words.ts'
import { Failure } from '../failure.ts'
import type { BlobAccount } from '../service-management/service-management.ts'

export interface UploadedPackage {
  readonly url: string
  /** Deletes the blob: the server has its own copy once the operation has ended (B-2). */
  readonly remove: () => Promise<void>
}

/** The container that the tools of the original used for packages. */
const container = 'deployments'

/** How the names of our uploads begin: everything else in the container belongs to others. */
const ours = 'reddog-'

/**
 * Longest time that an upload is stored, in milliseconds: the fabric reads it while the operation runs (B-2), which takes minutes. An
 * older one was left by a command that was killed, or did not wait. Origin: choice.
 */
const keptMs = 24 * 3_600_000

/** Longest part of a file's name in that of its blob. Origin: choice. */
const longestName = 64

/**
 * Uploads a package to the account's Blob service, and removes uploads of earlier commands older than `leftMs`. `progress` is called
 * with the part that is there, from 0 to 1; `name` is the file's, which people find it by. Throws a Failure.
 */
export async function uploadPackage(
  path: string,
  account: BlobAccount,
  signal: AbortSignal,
  progress: (share: number) => void,
  { name = basename(path), leftMs = keptMs }: { readonly name?: string; readonly leftMs?: number | undefined } = {},
): Promise<UploadedPackage> {
  // Loaded late: the library takes longer to load than most verbs take to run.
  const { BlobServiceClient, StorageSharedKeyCredential } = await import('@azure/storage-blob')
  const credential = new StorageSharedKeyCredential(account.name, account.key)
  const packages = new BlobServiceClient(account.blobEndpoint.replace(/\/+$/, ''), credential).getContainerClient(
    container,
  )
  const blob = packages.getBlockBlobClient(`${ours}${readable(name)}-${randomUUID()}.cspkg`)
  const bytes = Math.max(1, statSync(path).size)
  const upload = async () => {
    const { date } = await packages.createIfNotExists({ abortSignal: signal })
    // The library parses the date only where it has made the container.
    if (date) await removeLeft(packages, new Date(new Date(date).getTime() - leftMs)).catch(() => {})
    await blob.uploadFile(path, {
      abortSignal: signal,
      onProgress: ({ loadedBytes }) => progress(Math.min(1, loadedBytes / bytes)),
      blobHTTPHeaders: { blobContentType: 'application/octet-stream' },
    })
  }
  try {
    await upload().catch((error: unknown) => {
      if (!hasMoved(error)) throw error
      return upload()
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

/** Whether a Blob service that follows the master is another one now than the upload began at: it has neither the container nor the blocks. */
function hasMoved(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown }
  return ['ContainerNotFound', 'InvalidBlockList', 'InvalidBlobOrBlock'].includes(String(code))
}

/** A file's name without what blobs, addresses and people stumble over. */
function readable(name: string): string {
  return name
    .replace(/\.(?:cspkg|zip)$/i, '')
    .slice(0, longestName)
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
}

/** By the service's own clock; a blob that cannot be removed now is found again by the next upload. */
async function removeLeft(packages: ContainerClient, before: Date): Promise<void> {
  for await (const { name, properties } of packages.listBlobsFlat({ prefix: ours }))
    if (properties.lastModified < before) await packages.deleteBlob(name)
}
