import { Readable } from 'node:stream'
import type { ContainerClient } from '@azure/storage-blob'
import { fine, type Result, refused } from '../../kernel/fault.ts'
import { systemWords } from '../../kernel/system-words.ts'
import type { StorageAccount } from './storage-account.ts'

/** A package with its configuration, as Get Package leaves them (D-20). */
export interface ContainerFiles {
  readonly operation: string
  readonly deploymentName: string
  readonly configurationText: string
  readonly containerUrl: string
  readonly overwrite: boolean
}

/** Metadata by which an operation that is begun anew recognises the blobs that it has written itself. */
const operationMark = 'reddogoperation'

/** Longest that both uploads may take: 600 MB at 1 MB a second. */
const uploadLimitMs = 600_000

const packageType = 'application/octet-stream'
const configurationType = 'application/xml; charset=utf-8'

/**
 * Writes `<deployment name>.cspkg` and `.cscfg`: with the account's key when the container is the account's and its address has
 * no signature, otherwise as the address allows. Faults name the address without its query, which may hold a signature.
 */
export async function writeContainer(
  files: ContainerFiles,
  packageFile: string,
  account: StorageAccount,
): Promise<Result<undefined>> {
  const url = new URL(files.containerUrl)
  const shown = `${url.origin}${url.pathname}`
  const names = [`${files.deploymentName}.cspkg`, `${files.deploymentName}.cscfg`] as const
  const abortSignal = AbortSignal.timeout(uploadLimitMs)
  const metadata = { [operationMark]: files.operation }
  try {
    const container = await openContainer(url, account)
    if (!files.overwrite)
      for (const name of names)
        if (await isForeign(container, name, files.operation))
          return refused(
            'ConflictError',
            `The container ${shown} holds a blob ${name} already. Ask with overwriteExisting=true, or name another container.`,
          )
    const [cspkg, cscfg] = names.map((name) => container.getBlockBlobClient(name)) as [Block, Block]
    await cspkg.uploadFile(packageFile, { metadata, abortSignal, blobHTTPHeaders: { blobContentType: packageType } })
    const text = Buffer.from(files.configurationText)
    await cscfg.uploadStream(Readable.from([text]), undefined, undefined, {
      metadata,
      abortSignal,
      blobHTTPHeaders: { blobContentType: configurationType },
    })
    return fine(undefined)
  } catch (error) {
    return refused(
      'BadRequest',
      `The package cannot be written to ${shown}: ${systemWords(error)}. Check that the container exists and that the server may write to it.`,
    )
  }
}

type Block = ReturnType<ContainerClient['getBlockBlobClient']>

async function openContainer(url: URL, account: StorageAccount): Promise<ContainerClient> {
  // A large library that few operations need: a controller at rest does without it.
  const { AnonymousCredential, ContainerClient, StorageSharedKeyCredential } = await import('@azure/storage-blob')
  const isOwn = `${url.origin}${url.pathname}`.startsWith(account.blobEndpoint.replace(/\/*$/, '/'))
  const credential =
    isOwn && !url.searchParams.has('sig')
      ? new StorageSharedKeyCredential(account.name, account.key)
      : new AnonymousCredential()
  return new ContainerClient(url.href, credential, { retryOptions: { maxTries: 3 } })
}

/** Whether a blob of that name is there that the operation has not written itself. */
async function isForeign(container: ContainerClient, name: string, operation: string): Promise<boolean> {
  try {
    const { metadata } = await container.getBlobClient(name).getProperties()
    return metadata?.[operationMark] !== operation
  } catch (error) {
    if ((error as { readonly statusCode?: number }).statusCode === 404) return false
    throw error
  }
}
