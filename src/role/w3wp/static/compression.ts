import { type Duplex, pipeline, type Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { constants, createBrotliCompress, createGzip } from 'node:zlib'
import type { HandlerAnswer, HandlerRequest } from '../handler.ts'
import { type HeaderList, valuesOf } from '../rewrite/looking.ts'
import { type BodyCache, bodyCache } from './body-cache.ts'
import { type Coding, type Compressed, codingFor } from './coding.ts'
import { isCompressible } from './compressible.ts'

/** The facts of a request that decide how its answer is compressed. */
export type CompressedRequest = Pick<HandlerRequest, 'method' | 'headers' | 'scriptPath' | 'section' | 'facts'>

/** For all compressed bodies that a process stores. */
const cacheBytes = 16 * 1024 * 1024

/** Files up to this size are compressed once and stored; larger ones each time, as they are read. */
const mostKeptBytes = 1024 * 1024

/**
 * Makes the compressor for the answers of `serveStatic`, as `urlCompression` and `httpCompression` want it (I-28), with a cache of its own. A
 * compressed answer has a weak ETag, which `If-None-Match` accepts; it has no ranges. Rejects when a file cannot be read to its end.
 */
export function staticCompression(): (answer: HandlerAnswer, request: CompressedRequest) => Promise<HandlerAnswer> {
  const cache = bodyCache(cacheBytes)
  return async (answer, request) => {
    // Only files have been changed at some time: pages about directories are sent as they are.
    if (!isOn(request) || valuesOf(answer.headers, 'Last-Modified').length === 0) return answer
    if (answer.status === 304) return varying(answer)
    const compression = request.section('httpCompression')
    const [type = ''] = valuesOf(answer.headers, 'Content-Type')
    if (answer.status !== 200 || !isCompressible(type, compression.staticTypes)) return answer
    const length = Number(valuesOf(answer.headers, 'Content-Length')[0] ?? 0)
    const isSmall = length === 0 || length < compression.minFileSizeForComp
    const coding = isSmall ? undefined : codingOf(request, 'static')
    return coding ? encoded(cache, varying(answer), request, coding, length) : varying(answer)
  }
}

function isOn({ section }: CompressedRequest): boolean {
  return section('urlCompression').doStaticCompression && section('httpCompression').doStaticCompression
}

/** How an answer to this request is to be coded; undefined: not at all. */
export function codingOf(
  { headers, section, facts }: Omit<CompressedRequest, 'scriptPath'>,
  what: Compressed,
): Coding | undefined {
  const compression = section('httpCompression')
  const has = (name: string) => valuesOf(headers, name).length > 0
  if (compression.noCompressionForHttp10 && facts.protocol === 'HTTP/1.0') return undefined
  if (compression.noCompressionForProxies && has('Via')) return undefined
  return has('Range') ? undefined : codingFor(headers, compression, what)
}

async function encoded(
  cache: BodyCache,
  answer: HandlerAnswer,
  { method, scriptPath }: CompressedRequest,
  coding: Coding,
  length: number,
): Promise<HandlerAnswer> {
  const [etag] = valuesOf(answer.headers, 'ETag')
  const headers = [...codedHeaders(answer.headers), ['Content-Encoding', coding.name] as const]
  const { body } = answer
  if (method === 'HEAD' || body === undefined || Buffer.isBuffer(body)) return { ...answer, headers }
  if (etag === undefined || length > mostKeptBytes) return { ...answer, headers, body: through(body, coder(coding)) }
  const key = JSON.stringify([scriptPath, etag, coding])
  const kept = cache.get(key)
  if (kept) body.destroy()
  const small = kept ?? (await buffer(through(body, coder(coding))))
  if (!kept) cache.set(key, small)
  return { ...answer, headers: [...headers, ['Content-Length', String(small.length)]], body: small }
}

function coder({ name, level }: Coding): Duplex {
  return name === 'gzip'
    ? createGzip({ level })
    : createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: level } })
}

/** A body that fails ends the coder with its error, and the other way round. */
export function through(body: Readable, coder: Duplex): Readable {
  return pipeline(body, coder, () => {})
}

/** Another body: its length is not known, its parts are not those of the file, and the tag is no longer strong. */
export function codedHeaders(headers: HeaderList): HeaderList {
  return headers
    .filter(([name]) => !/^(?:content-length|accept-ranges)$/i.test(name))
    .map(([name, value]) => (/^etag$/i.test(name) && !value.startsWith('W/') ? [name, `W/${value}`] : [name, value]))
}

/** For the caches on the way: another client may be sent something else. */
export function varying(answer: HandlerAnswer): HandlerAnswer {
  return { ...answer, headers: [...answer.headers, ['Vary', 'Accept-Encoding']] }
}
