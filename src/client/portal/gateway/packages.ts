import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../../../kernel/log.ts'
import { systemWords } from '../../../kernel/system-words.ts'
import type { Examine } from '../../packages/examine-facility.ts'
import type { MakeTemporaryDirectory } from '../../packages/pack-facility.ts'
import { type UploadedPackage, uploadPackage } from '../../packages/upload.ts'
import type { ExaminedPackageAnswer, UploadedPackageAnswer } from '../protocol.ts'
import type { ApiLink } from './api-link.ts'
import { blobAccount, blobName, containerName, openAccount, refusedByBlobs } from './blob-account.ts'
import { answerJson, answerNothing, type SignedInExchange } from './exchange.ts'
import { Refusal } from './refusal.ts'
import { piecesOf, textOfBody } from './request-body.ts'

/** Largest package (B-2). */
const packageLimitBytes = 600 * 1024 * 1024

/** Most packages that are read at once: each takes its size on the disk, and a process. Origin: choice. */
const mostAtOnce = 2

/** Most uploads that are remembered as ours, so that they can be removed; older ones are found again by a later upload. Origin: choice. */
const mostRemembered = 1_000

/** Longest name of a file, for its blob and the log. */
const longestName = 255

/** Packages on their way into the Blob service, where the fabric takes them from (U-20). */
export interface Packages {
  /** Takes the bytes of a package, reads it, stores it (M-4). A faulty one leaves nothing behind. */
  receive(exchange: SignedInExchange): Promise<void>
  /** Reads a package that lies in the account already (M-4). */
  examineBlob(exchange: SignedInExchange): Promise<void>
  /** Removes an upload of this process: the fabric has its own copy once the operation has ended (B-2). */
  remove(exchange: SignedInExchange): Promise<void>
}

export interface PackagesParts {
  readonly link: ApiLink
  readonly examine: Examine
  readonly temporaryDirectory: MakeTemporaryDirectory
  /** Where packages lie while they are read. */
  readonly directory: string
  readonly log: Log
  /** Aborted when the process ends: nobody else ends one that reads a package. */
  readonly stopping: AbortSignal
}

export function openPackages({ link, examine, temporaryDirectory, directory, log, stopping }: PackagesParts): Packages {
  const uploads = new Map<string, UploadedPackage>()
  let reading = 0

  /** What `use` makes with a file of its own, which is gone afterwards. */
  async function withFile<Value>(use: (file: string) => Promise<Value>): Promise<Value> {
    if (reading >= mostAtOnce)
      throw new Refusal(503, `${mostAtOnce} packages are being read already. Try again in a moment.`)
    reading += 1
    try {
      using own = temporaryDirectory(directory)
      return await use(join(own.path, 'package.cspkg'))
    } finally {
      reading -= 1
    }
  }

  async function examined(file: string, gone: AbortSignal): Promise<ExaminedPackageAnswer> {
    const read = await examine(file, AbortSignal.any([gone, stopping]))
    if (!read.ok) throw new Refusal(read.fault.code === 'BadRequest' ? 400 : 500, read.fault.message)
    const { sha256, findings, warnings, model } = read.value
    const roles = model.definition.roles.map(({ name, kind }) => ({ name, kind }))
    return { sha256, findings, warnings, model: { name: model.definition.name, roles } }
  }

  function remember(uploaded: UploadedPackage): void {
    uploads.set(uploaded.url, uploaded)
    const [oldest] = uploads.keys()
    if (uploads.size > mostRemembered && oldest !== undefined) uploads.delete(oldest)
  }

  return {
    async receive({ request, response, query, gone }) {
      const name = (query.get('name') ?? '').slice(0, longestName)
      const answer = await withFile(async (file): Promise<UploadedPackageAnswer> => {
        await save(piecesOf(request, packageLimitBytes), file)
        const found = await examined(file, gone)
        const uploaded = await uploadPackage(file, await blobAccount(link), gone, () => {}, { name }).catch(
          (error: Error) => {
            throw new Refusal(502, error.message)
          },
        )
        remember(uploaded)
        return { url: uploaded.url, ...found }
      })
      log.info(`the package ${JSON.stringify(name)} was uploaded: ${answer.sha256}`)
      answerJson(response, 201, answer)
    },
    async examineBlob({ request, response, gone }) {
      const url = await textOfBody(request, 'url')
      const answer = await withFile(async (file) => {
        await download(url, file, link, gone)
        return examined(file, gone)
      })
      answerJson(response, 200, answer)
    },
    async remove({ response, query }) {
      const uploaded = uploads.get(query.get('url') ?? '')
      if (!uploaded) throw new Refusal(404, 'The portal has uploaded no such package since it was started.')
      uploads.delete(uploaded.url)
      await uploaded.remove()
      answerNothing(response)
    },
  }
}

async function save(pieces: AsyncIterable<Buffer>, file: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    for await (const piece of pieces) await handle.writeFile(piece)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== 'write') throw error
    throw new Refusal(507, `The package cannot be held for reading: ${systemWords(error)}.`)
  } finally {
    await handle.close()
  }
}

/** A blob of the account, by its address without a signature. */
async function download(url: string, file: string, link: ApiLink, gone: AbortSignal): Promise<void> {
  try {
    const account = await openAccount(link)
    const base = `${account.url.replace(/\/+$/, '')}/`
    const [, container = '', name = ''] =
      (url.startsWith(base) && /^([^/]+)\/([^?#]+)$/.exec(url.slice(base.length))) || []
    if (container === '')
      throw new Refusal(
        400,
        `Only packages of the subscription's own account are read: its addresses begin with ${base}`,
      )
    const blob = account.getContainerClient(containerName(container)).getBlobClient(blobName(decodedName(name)))
    const { contentLength = 0, etag } = await blob.getProperties({ abortSignal: gone })
    if (contentLength > packageLimitBytes)
      throw new Refusal(400, `The blob has ${contentLength} bytes, and a package has ${packageLimitBytes} at most.`)
    const conditions = etag === undefined ? {} : { ifMatch: etag }
    await blob.downloadToFile(file, 0, undefined, { abortSignal: gone, conditions })
  } catch (error) {
    throw refusedByBlobs(error)
  }
}

function decodedName(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Refusal(400, 'The address is no percent-encoded UTF-8.')
  }
}
