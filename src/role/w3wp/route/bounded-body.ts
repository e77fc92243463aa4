import { type Readable, Transform } from 'node:stream'
import type { HeaderList } from '../rewrite/looking.ts'
import { valueOf } from './request-filtering.ts'

/** A request's body, and whether it is longer than allowed. */
export interface BoundedBody {
  readonly stream: Readable
  readonly isTooLong: () => boolean
}

/**
 * Ends a body without a stated length (`chunked`) when it has more bytes than `maxAllowedContentLength` (I-57). It is taken from the connection only
 * when somebody reads it: Node drops the rest of one that nobody has read, before the next request.
 */
export function boundedBody(
  { headers, body }: { readonly headers: HeaderList; readonly body: Readable },
  most: number,
): BoundedBody {
  if (valueOf(headers, 'transfer-encoding') === undefined) return { stream: body, isTooLong: () => false }
  let length = 0
  let isRead = false
  const stream: Transform = new Transform({
    transform(part: Buffer, _encoding, done) {
      length += part.length
      done(length > most ? new Error('The body is too long.') : null, part)
    },
    read(size) {
      if (!isRead) body.pipe(stream)
      isRead = true
      Transform.prototype._read.call(stream, size)
    },
  })
  stream.on('error', () => {
    body.unpipe(stream)
    body.resume()
  })
  body.once('close', () => body.readableEnded || stream.destroy())
  return { stream, isTooLong: () => length > most }
}
