import type { IncomingMessage } from 'node:http'
import type { ExamineRequest, SignInRequest } from '../protocol.ts'
import { Refusal } from './refusal.ts'

/** A body is given up when less than this came in that time: the fabric reads packages by the same measure (B-2). */
const leastBytes = 1024 * 1024
const withinMs = 60_000

/**
 * The pieces of a body, of at most `limitBytes`. Throws a Refusal for a larger one, and an error when the connection breaks or hardly
 * anything comes. The connection is left open, for the answer.
 */
export async function* piecesOf(request: IncomingMessage, limitBytes: number): AsyncGenerator<Buffer> {
  const tooLarge = () => new Refusal(413, `More than ${limitBytes} bytes were sent, and no more are taken here.`)
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw tooLarge()
  let size = 0
  let before = 0
  const watch = setInterval(() => {
    if (size - before < leastBytes) request.destroy(new Error('the body came too slowly'))
    before = size
  }, withinMs)
  try {
    for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += piece.length
      if (size > limitBytes) throw tooLarge()
      yield piece
    }
  } finally {
    clearInterval(watch)
  }
}

/** The whole body. Throws like `piecesOf`. */
export async function wholeBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of piecesOf(request, limitBytes)) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** Largest JSON that a page sends: a token, or the address of a blob. */
const jsonLimitBytes = 16 * 1024

/** A text of the JSON object in the body; '' when it has none of the name. Throws a Refusal for what is no JSON. */
export async function textOfBody(
  request: IncomingMessage,
  name: keyof SignInRequest | keyof ExamineRequest,
): Promise<string> {
  const body = await wholeBody(request, jsonLimitBytes)
  try {
    const value = ((JSON.parse(body.toString() || '{}') ?? {}) as Readonly<Record<string, unknown>>)[name]
    return typeof value === 'string' ? value : ''
  } catch {
    throw new Refusal(400, 'The body is no JSON.')
  }
}
