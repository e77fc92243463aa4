import type { HandlerAnswer } from '../handler.ts'
import type { Refusal } from '../route/refusal.ts'
import type { Destination } from '../route/route-request.ts'
import { escaped, movedPage } from './html.ts'

/** The answer to a request that reaches no handler. */
export function answerOf(destination: Exclude<Destination, { kind: 'handler' | 'abort' }>): HandlerAnswer | Refusal {
  switch (destination.kind) {
    case 'refused':
      return destination.refusal
    case 'redirect':
      return moved(destination)
    case 'response':
      return response(destination)
  }
}

function moved({ status, location }: Destination & { readonly kind: 'redirect' }): HandlerAnswer {
  return {
    status,
    headers: [
      ['Content-Type', 'text/html; charset=UTF-8'],
      ['Location', location],
    ],
    body: Buffer.from(movedPage(location)),
  }
}

/** An error without a description has the page of its status. */
function response({
  status,
  subStatus,
  reason,
  description,
}: Destination & { readonly kind: 'response' }): HandlerAnswer {
  const said = { status, subStatus, reason: reason || undefined }
  if (description === '' && status >= 400) return { ...said, headers: [], detail: 'A rule answers so.' }
  return {
    ...said,
    headers: [['Content-Type', 'text/html; charset=utf-8']],
    body: Buffer.from(escaped(description)),
    skipsCustomErrors: true,
  }
}
