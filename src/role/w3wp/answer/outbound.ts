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
  if (!body || answer.body === undefined) return { ...answer, headers }
  const whole = await wholeBody(answer.body)
  if (!whole) return failed(answer, 52, `A body of more than ${mostBytes} bytes cannot be rewritten.`)
  const written = body(whole.toString('utf8'))
  if ('fault' in written) return failed(answer, written.fault.subStatus, written.fault.reason)
  const bytes = Buffer.from(written.text)
  const kept = headers.filter(([name]) => !/^(?:content-length|etag)$/i.test(name))
  return { ...answer, headers: [...kept, ['Content-Length', `${bytes.length}`]], body: bytes }
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
