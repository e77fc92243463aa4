import type { BlobsAnswer, ContainersAnswer } from '../protocol.ts'
import type { ApiLink } from './api-link.ts'
import { blobName, containerName, longestBlobName, openAccount, refusedByBlobs } from './blob-account.ts'
import { answerJson, type SignedInExchange } from './exchange.ts'
import { Refusal } from './refusal.ts'

/** Names of one page. Origin: choice. */
const pageSize = 500

/** Longest mark of where a page begins, which the Blob service has made. */
const longestMark = 4096

/** Largest blob whose content is shown: a configuration file. Larger ones of the Base64 that R-24 allows would be refused anyway. */
const contentLimitBytes = 1024 * 1024

/** Names of containers, or of the blobs in one, page by page (M-4, M-5). */
export async function listBlobs({ query, response, gone }: SignedInExchange, link: ApiLink): Promise<void> {
  const container = query.get('container')
  const [after, prefix] = [shortText(query, 'after', longestMark), shortText(query, 'prefix', longestBlobName)]
  const asked = { maxPageSize: pageSize, ...(after && { continuationToken: after }) }
  const name = container === null ? undefined : containerName(container)
  try {
    const account = await openAccount(link)
    if (name === undefined) {
      const { value } = await account.listContainers({ abortSignal: gone }).byPage(asked).next()
      const containers = ((value?.containerItems ?? []) as readonly { readonly name: string }[]).map(({ name }) => name)
      const answer: ContainersAnswer = { containers, ...next(value) }
      return answerJson(response, 200, answer)
    }
    const client = account.getContainerClient(name)
    const { value } = await client
      .listBlobsFlat({ abortSignal: gone, ...(prefix && { prefix }) })
      .byPage(asked)
      .next()
    const items = (value?.segment.blobItems ?? []) as readonly Item[]
    const blobs = items.map(({ name, properties }) => ({
      name,
      url: client.getBlobClient(name).url,
      sizeBytes: properties.contentLength ?? 0,
      modified: properties.lastModified.toISOString(),
    }))
    const answer: BlobsAnswer = { blobs, ...next(value) }
    answerJson(response, 200, answer)
  } catch (error) {
    throw refusedByBlobs(error)
  }
}

interface Item {
  readonly name: string
  readonly properties: { readonly contentLength?: number; readonly lastModified: Date }
}

function next(page: { readonly continuationToken?: string | undefined } | undefined) {
  return page?.continuationToken ? { after: page.continuationToken } : {}
}

/** The bytes of a small blob, as they are: a configuration may be UTF-16. */
export async function showBlob({ query, response, gone }: SignedInExchange, link: ApiLink): Promise<void> {
  const [container, name] = [containerName(query.get('container')), blobName(query.get('name'))]
  try {
    const blob = (await openAccount(link)).getContainerClient(container).getBlobClient(name)
    const { contentLength = 0, etag } = await blob.getProperties({ abortSignal: gone })
    if (contentLength > contentLimitBytes)
      throw new Refusal(
        413,
        `The blob has ${contentLength} bytes, and up to ${contentLimitBytes} are shown. Choose a .cscfg file.`,
      )
    const conditions = etag === undefined ? {} : { ifMatch: etag }
    const bytes =
      contentLength === 0 ? Buffer.of() : await blob.downloadToBuffer(0, undefined, { abortSignal: gone, conditions })
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes.length })
    response.end(bytes)
  } catch (error) {
    throw refusedByBlobs(error)
  }
}

/** A parameter of the query; '' when it is not there. Throws a Refusal for a longer one. */
function shortText(query: URLSearchParams, name: string, longest: number): string {
  const text = query.get(name) ?? ''
  if (text.length <= longest) return text
  throw new Refusal(400, `The parameter ${name} has more than ${longest} characters.`)
}
