import type { IncomingMessage } from 'node:http'

/** A body that is larger than it may be. */
export class BodyTooLarge extends Error {}

/**
 * The whole body of a request or an answer. Rejects with BodyTooLarge above `limitBytes`, and with the connection's error when it
 * breaks. The rest of a body that is too large is read and dropped, so that the peer can still be answered.
 */
export function readBody(message: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const collect = (chunk: Buffer) => {
      size += chunk.length
      chunks.push(chunk)
      if (size <= limitBytes) return
      message.off('data', collect).resume()
      reject(new BodyTooLarge(`the body is larger than ${limitBytes} bytes`))
    }
    message.on('data', collect)
    message.once('end', () => resolve(Buffer.concat(chunks)))
    message.once('error', reject)
    message.once('close', () => reject(new Error('the connection ended in the middle of the body')))
  })
}
