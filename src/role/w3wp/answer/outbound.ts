import { isUtf8 } from 'node:buffer'
import type { Readable } from 'node:stream'
import type { HandlerAnswer } from '../handler.ts'
import type { PreparedRewrite } from '../rewrite/prepare.ts'
import { rewriteResponse } from '../rewrite/rewrite-response.ts'
import type { Progress } from '../rewrite/variables.ts'
import { type Refusal, refusal } from '../route/refusal.ts'

/** Bytes of a body that rules rewrite at most; a longer one is 500.52. Origin: choice; it is held whole. */
const mostBytes = 16 * 1024 * 1024

/** Asks the outbound rules about an answer (I-54). A refusal, 500.52 or .53, when one of the rules fails. */
export async function rewriteOutbound(
  prepared: PreparedRewrite,
  progress: Progress,
  answer: HandlerAnswer,
): Promise<HandlerAnswer | Refusal> {
  if (prepared.outboundRules.length === 0) return answer
  const { headers, fault, body } = rewriteResponse(prepared, progress, answer)
  if (fault) return failed(answer, fault.subStatus, fault.reason)
  // A part of a body cannot be rewritten, as the rest of it is not known.
  if (!body || answer.status === 206) return { ...answer, headers }
  const kept = headers.filter(([name]) => !/^(?:content-length|etag|accept-ranges)$/i.test(name))
  if (answer.body === undefined) return { ...answer, headers: answer.status === 304 ? headers : kept }
  const whole = await wholeBody(answer.body).catch((error: Error) => error)
  if (whole instanceof Error) return failed(answer, 0, `The body has ended half way: ${whole.message}`)
  if (!whole) return failed(answer, 52, `A body of more than ${mostBytes} bytes cannot be rewritten.`)
  const { text, coding } = textOf(whole)
  const written = body(text)
  if ('fault' in written) return failed(answer, written.fault.subStatus, written.fault.reason)
  const bytes = Buffer.from(written.text, coding)
  return { ...answer, headers: [...kept, ['Content-Length', `${bytes.length}`]], body: bytes }
}

/** Text that is not UTF-8 is read byte by byte, so that what no rule changes stays as it is, even in a picture. */
function textOf(bytes: Buffer): { readonly text: string; readonly coding: 'utf8' | 'latin1' } {
  const coding = isUtf8(bytes) ? 'utf8' : 'latin1'
  return { text: bytes.toString(coding), coding }
}

function failed({ body }: HandlerAnswer, subStatus: number, detail: string): Refusal {
  if (body && !Buffer.isBuffer(body)) body.destroy()
  return refusal(500, subStatus, detail)
}

async function wholeBody(body: Readable | Buffer): Promise<Buffer | undefined> {
  if (Buffer.isBuffer(body)) return body
  const parts: Buffer[] = []
  let length = 0
  for await (const part of body as AsyncIterable<Buffer>) {
    length += part.length
    if (length > mostBytes) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts)
}
