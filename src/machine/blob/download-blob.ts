import { setTimeout as delay } from 'node:timers/promises'
import { fine, type Result, refused } from '../../kernel/fault.ts'
import { systemWords } from '../../kernel/system-words.ts'
import { type Pace, type PaceWatch, slowest, watchPace } from './pace.ts'
import { savePackage } from './save-package.ts'
import { blobIn, type StorageAccount } from './storage-account.ts'

/** A Blob service that is just starting is asked again, this often and after this time. */
const attempts = 5
const attemptDelayMs = 500

/** How long a signature that we make for our own read is good. */
const signatureMs = 3_600_000

/**
 * Reads a blob into a file: with the account's key when the address is of that account and has no signature, otherwise by a plain
 * GET. Redirects are not followed (B-2). Faults are `BadRequest`, or `PackageNotStaged`, and name the address without its query, which may hold a signature.
 * `stagedOn`: the machine whose Blob service stands behind the account now, where that moves with the master.
 */
export async function downloadBlob(
  address: string,
  file: string,
  account: StorageAccount,
  { pace = slowest, stagedOn }: { readonly pace?: Pace; readonly stagedOn?: string | undefined } = {},
): Promise<Result<{ readonly bytes: number }>> {
  const watch = watchPace(pace)
  try {
    return await download(address, file, account, watch, stagedOn)
  } finally {
    watch.stop()
  }
}

async function download(
  address: string,
  file: string,
  account: StorageAccount,
  { signal, came }: PaceWatch,
  stagedOn: string | undefined,
): Promise<Result<{ readonly bytes: number }>> {
  const url = new URL(address)
  const shown = `${url.origin}${url.pathname}`
  const readable = await withSignature(url, account)
  const answer = await get(readable, signal)
  if (!(answer instanceof Response))
    return refused(
      'BadRequest',
      `The package at ${shown} cannot be read: ${answer}. Check the address and that the Blob service runs.`,
    )
  if (answer.status !== 200 || !answer.body) {
    await answer.body?.cancel()
    if (answer.status === 404 && stagedOn !== undefined && blobIn(account, url))
      return refused(
        'PackageNotStaged',
        `The package at ${shown} is not there. The Blob service of this fabric is a staging area that follows the master: it is on ${stagedOn}, the master, now, and what was uploaded before another machine was master is not on it. Upload the package again, and repeat the request.`,
      )
    return refused(
      'BadRequest',
      `The package at ${shown} cannot be read: HTTP ${answer.status} where 200 was expected. Check that the blob exists and may be read.`,
    )
  }
  try {
    const saved = await savePackage(answer.body, file, `at ${shown}`, came)
    return saved.ok ? fine({ bytes: saved.value.bytes }) : saved
  } catch (error) {
    return refused('BadRequest', `The package at ${shown} was not read to its end: ${systemWords(error)}. Try again.`)
  }
}

/** The answer, or why there is none. */
async function get(url: URL, signal: AbortSignal): Promise<Response | string> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetch(url, { redirect: 'manual', signal })
    } catch (error) {
      if (attempt === attempts || signal.aborted) return systemWords(error)
      await delay(attemptDelayMs)
    }
  }
}

/** The address with a signature of ours when it is a blob of our account that has none. */
async function withSignature(url: URL, account: StorageAccount): Promise<URL> {
  const found = blobIn(account, url)
  if (!found || url.searchParams.has('sig')) return url
  // A large library that only a deployment needs: a controller at rest does without it.
  const { BlobSASPermissions, generateBlobSASQueryParameters, StorageSharedKeyCredential } = await import(
    '@azure/storage-blob'
  )
  const signature = generateBlobSASQueryParameters(
    {
      containerName: found.container,
      blobName: found.blob,
      permissions: BlobSASPermissions.from({ read: true }),
      expiresOn: new Date(Date.now() + signatureMs),
    },
    new StorageSharedKeyCredential(account.name, account.key),
  )
  const signed = new URL(url)
  signed.search = signature.toString()
  return signed
}
