import type { HandlerAnswer, HandlerRequest } from '../../handler.ts'
import type { HeaderList } from '../../rewrite/looking.ts'
import type { Asked } from './ask-pool.ts'

/** A program's answer as w3wp's own. The program is let go when it has nothing more to do with the request. */
export function relay(
  { exchanged: { answer, headers }, lease }: Asked & { readonly kind: 'answered' },
  { method }: HandlerRequest,
  more: HeaderList = [],
): HandlerAnswer {
  const status = answer.statusCode ?? 500
  const hasBody = method !== 'HEAD' && status !== 204 && status !== 304
  answer.once('close', () => lease.release())
  // The reader of the body gets its end as an error event; before there is a reader, that event must not be unhandled.
  answer.on('error', () => {})
  if (!hasBody) answer.resume()
  return { status, reason: answer.statusMessage, headers: [...headers, ...more], ...(hasBody && { body: answer }) }
}
