import { Readable } from 'node:stream'
import type { HandlerRequest } from '../../handler.ts'

/** Most bytes of a body that are held because its length is not stated. Origin: `maxAllowedContentLength` of IIS. */
const longestKept = 30_000_000

/** A body whose length is known; undefined: it has none. */
export interface RequestBody {
  readonly stream: Readable
  readonly length: number | undefined
}

/** A program of CGI needs the length beforehand (RFC 3875, 4.1.2): a body in chunks is held until its end. */
export async function requestBody({ headers, body }: HandlerRequest): Promise<RequestBody | 'tooLong'> {
  const field = (wanted: string) => headers.find(([name]) => name.toLowerCase() === wanted)?.[1]
  const length = field('content-length')
  if (field('transfer-encoding') === undefined)
    return length === undefined
      ? { stream: Readable.from([]), length: undefined }
      : { stream: body, length: Number(length) }
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of body) {
    size += (piece as Buffer).length
    if (size > longestKept) return 'tooLong'
    pieces.push(piece as Buffer)
  }
  return { stream: Readable.from(pieces, { objectMode: false }), length: size }
}
