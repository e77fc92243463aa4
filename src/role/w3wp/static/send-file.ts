import { randomUUID } from 'node:crypto'
import { closeSync } from 'node:fs'
import type { HandlerAnswer, HandlerRequest } from '../handler.ts'
import { type HeaderList, valuesOf } from '../rewrite/looking.ts'
import { clientCacheHeaders } from './client-cache.ts'
import { fileBody } from './file-body.ts'
import type { OpenFile } from './open-file.ts'
import { isRangeWanted, preconditions, type Validators, validatorsOf } from './preconditions.ts'
import { type ByteRange, rangesOf } from './ranges.ts'

/** The answer: a status, its fields, and pieces of the file with the texts between them. */
interface Sent {
  readonly status: number
  readonly headers: HeaderList
  readonly pieces: readonly (Buffer | ByteRange)[]
}

/** Answers GET and HEAD with a file, or the part that the client requests and does not have (I-34). The file is closed with the body, or here. */
export function sendFile(request: HandlerRequest, file: OpenFile, mimeType: string): HandlerAnswer {
  const { clientCache } = request.section('staticContent')
  const validators = validatorsOf(file, clientCache.setEtag)
  const { status, headers, pieces } = choose(request, file, mimeType, validators)
  const answer = {
    status,
    headers: [
      ...headers,
      ...(status < 400 ? clientCacheHeaders(clientCache) : []),
      ['Last-Modified', new Date(validators.modifiedMs).toUTCString()] as const,
      ['Accept-Ranges', 'bytes'] as const,
      ...(validators.etag === undefined ? [] : [['ETag', validators.etag] as const]),
    ],
  }
  if (request.method === 'GET' && pieces.length > 0) return { ...answer, body: fileBody(file.descriptor, pieces) }
  closeSync(file.descriptor)
  return answer
}

function choose({ method, headers }: HandlerRequest, file: OpenFile, mimeType: string, validators: Validators): Sent {
  const { sizeBytes } = file
  const status = preconditions(headers, validators)
  if (status !== 200) return { status, headers: [], pieces: [] }
  const [field] = method === 'GET' ? valuesOf(headers, 'Range') : []
  const ranges = field !== undefined && isRangeWanted(headers, validators) ? rangesOf(field, sizeBytes) : undefined
  const [first, ...others] = ranges ?? []
  if (!ranges) return whole(sizeBytes, mimeType)
  if (!first) return { status: 416, headers: [['Content-Range', `bytes */${sizeBytes}`]], pieces: [] }
  return others.length === 0 ? part(first, sizeBytes, mimeType) : parts(ranges, sizeBytes, mimeType)
}

function whole(sizeBytes: number, mimeType: string): Sent {
  const pieces = sizeBytes === 0 ? [] : [{ start: 0, end: sizeBytes - 1 }]
  return { status: 200, headers: typed(mimeType, sizeBytes), pieces }
}

function part(range: ByteRange, sizeBytes: number, mimeType: string): Sent {
  const headers = [...typed(mimeType, lengthOf(range)), ['Content-Range', contentRange(range, sizeBytes)] as const]
  return { status: 206, headers, pieces: [range] }
}

/** RFC 9110, 14.6. */
function parts(ranges: readonly ByteRange[], sizeBytes: number, mimeType: string): Sent {
  const boundary = randomUUID()
  const pieces = ranges.flatMap((range) => [
    Buffer.from(
      `\r\n--${boundary}\r\nContent-Type: ${mimeType}\r\nContent-Range: ${contentRange(range, sizeBytes)}\r\n\r\n`,
    ),
    range,
  ])
  const all = [...pieces, Buffer.from(`\r\n--${boundary}--\r\n`)]
  const length = all.reduce((sum, piece) => sum + lengthOf(piece), 0)
  return { status: 206, headers: typed(`multipart/byteranges; boundary=${boundary}`, length), pieces: all }
}

const contentRange = ({ start, end }: ByteRange, sizeBytes: number) => `bytes ${start}-${end}/${sizeBytes}`

const lengthOf = (piece: Buffer | ByteRange) => (Buffer.isBuffer(piece) ? piece.length : piece.end - piece.start + 1)

function typed(mimeType: string, length: number): HeaderList {
  return [
    ['Content-Type', mimeType],
    ['Content-Length', String(length)],
  ]
}
