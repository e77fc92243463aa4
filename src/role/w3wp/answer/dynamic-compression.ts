import { type Duplex, Readable } from 'node:stream'
import { constants, createBrotliCompress, createGzip } from 'node:zlib'
import type { HandlerAnswer } from '../handler.ts'
import { valuesOf } from '../rewrite/looking.ts'
import type { Coding } from '../static/coding.ts'
import { isCompressible } from '../static/compressible.ts'
import { type CompressedRequest, codedHeaders, codingOf, through, varying } from '../static/compression.ts'

/**
 * What a program has answered, compressed as `urlCompression` and `httpCompression` want it (I-28). Left as they are: parts, answers already coded or
 * not to be changed (`no-transform`), event streams, answers without a body. HEAD has the fields of GET (RFC 9110, 9.3.2).
 */
export function compressDynamic(answer: HandlerAnswer, request: Omit<CompressedRequest, 'scriptPath'>): HandlerAnswer {
  const { body } = answer
  const isHead = request.method === 'HEAD'
  if ((body === undefined && !isHead) || !isOn(request) || !mayBeCoded(answer, request)) return answer
  const seen = hasWord(answer, 'Vary', /(?:^|[\s,])(?:accept-encoding|\*)(?:$|[\s,])/i) ? answer : varying(answer)
  const coding = codingOf(request, 'dynamic')
  const [length] = valuesOf(answer.headers, 'Content-Length')
  const isSmall = length !== undefined && Number(length) < request.section('httpCompression').minFileSizeForComp
  if (!coding || isSmall) return seen
  const headers = [...codedHeaders(seen.headers), ['Content-Encoding', coding.name] as const]
  if (isHead || body === undefined) return { ...seen, headers }
  return { ...seen, headers, body: through(Buffer.isBuffer(body) ? Readable.from([body]) : body, coder(coding)) }
}

function isOn({ section }: Pick<CompressedRequest, 'section'>): boolean {
  return section('urlCompression').doDynamicCompression && section('httpCompression').doDynamicCompression
}

function mayBeCoded(answer: HandlerAnswer, { section }: Pick<CompressedRequest, 'section'>): boolean {
  const { status, headers } = answer
  const [type = ''] = valuesOf(headers, 'Content-Type')
  const isWhole =
    status >= 200 && ![204, 206, 304].includes(status) && valuesOf(headers, 'Content-Encoding').length === 0
  const isStream = /^text\/event-stream\b/i.test(type)
  const isFixed = hasWord(answer, 'Cache-Control', /\bno-transform\b/i)
  return isWhole && !isStream && !isFixed && isCompressible(type, section('httpCompression').dynamicTypes)
}

function hasWord({ headers }: HandlerAnswer, name: string, word: RegExp): boolean {
  return valuesOf(headers, name).some((value) => word.test(value))
}

/** What a program has written is sent on at once: more may come only after a while. */
function coder({ name, level }: Coding): Duplex {
  return name === 'gzip'
    ? createGzip({ level, flush: constants.Z_SYNC_FLUSH })
    : createBrotliCompress({
        params: { [constants.BROTLI_PARAM_QUALITY]: level },
        flush: constants.BROTLI_OPERATION_FLUSH,
      })
}
