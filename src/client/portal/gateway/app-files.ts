import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import mime from 'mime/lite'
import { noncePlace } from '../protocol.ts'
import type { Exchange } from './exchange.ts'
import { Refusal } from './refusal.ts'
import { pagePolicy } from './security-headers.ts'

const assetsPath = '/assets/'

/** Compressed forms that the build has laid beside a file, the smaller first: what a browser calls each, and how its file ends. */
const codings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

/** Serves the built pages, which hold nothing of anybody: without a session, for a page has to say how to sign in. */
export interface AppFiles {
  /** Whether a path is one of theirs: a file, or an address that the pages themselves understand. */
  has(exchange: Exchange): boolean
  serve(exchange: Exchange): Promise<void>
}

export function openAppFiles(directory: string): AppFiles {
  async function servePage({ method, response }: Exchange): Promise<void> {
    const page = await readFile(join(directory, 'index.html'), 'utf8').catch(() => undefined)
    if (page === undefined)
      throw new Refusal(503, 'The pages of the portal are not there. Build them with: npm run build')
    const { nonce, policy } = pagePolicy()
    const body = page.replaceAll(noncePlace, nonce)
    response.setHeader('content-security-policy', policy)
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': Buffer.byteLength(body) })
    response.end(method === 'HEAD' ? undefined : body)
  }

  async function serveAsset({ method, request, response, path }: Exchange): Promise<void> {
    const name = path.slice(assetsPath.length)
    // One name of a file, and no way out of the directory.
    const file = /^\w[\w.-]{0,199}$/.test(name) ? join(directory, 'assets', name) : undefined
    const found = file && (await smallest(file, request.headers['accept-encoding'] ?? ''))
    if (!found) throw new Refusal(404, 'There is no such file.')
    describe(response, name, found)
    if (method === 'HEAD') response.end()
    else await pipeline(createReadStream(found.file), response)
  }

  return {
    has: ({ path, request }) =>
      path.startsWith(assetsPath) || !path.includes('.') || /\btext\/html\b/.test(request.headers.accept ?? ''),
    serve: (exchange) => (exchange.path.startsWith(assetsPath) ? serveAsset(exchange) : servePage(exchange)),
  }
}

interface Found {
  readonly file: string
  readonly size: number
  readonly coding?: string
}

/** The file in the smallest form that the caller takes; undefined when there is none. */
async function smallest(file: string, accepted: string): Promise<Found | undefined> {
  for (const [coding, ending] of codings) {
    const size = takes(accepted, coding) ? await sizeOf(`${file}${ending}`) : undefined
    if (size !== undefined) return { file: `${file}${ending}`, size, coding }
  }
  const size = await sizeOf(file)
  return size === undefined ? undefined : { file, size }
}

function takes(accepted: string, coding: string): boolean {
  return accepted
    .split(',')
    .map((part) => part.trim().split(/\s*;\s*/))
    .some(([name, quality]) => name?.toLowerCase() === coding && !/^q=0(?:\.0{0,3})?$/.test(quality ?? ''))
}

async function sizeOf(file: string): Promise<number | undefined> {
  const found = await stat(file).catch(() => undefined)
  return found?.isFile() ? found.size : undefined
}

/** A file's name has a hash of what it holds: it never changes. */
function describe(response: ServerResponse, name: string, { size, coding }: Found): void {
  const type = mime.getType(name) ?? 'application/octet-stream'
  response.writeHead(200, {
    'content-type': type.startsWith('text/') ? `${type}; charset=utf-8` : type,
    'content-length': size,
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
    ...(coding && { 'content-encoding': coding }),
  })
}
