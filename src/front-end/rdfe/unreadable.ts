import { isoSeconds } from '../../kernel/instant.ts'
import { refusals, statusOf } from '../contract/errors.ts'
import type { Unreadable } from '../contract/unreadable.ts'
import { errorDocument } from '../contract/wire/error.ts'
import type { AnswerParts } from './answer.ts'
import { commonHeaders } from './headers.ts'
import type { ApiAnswer, ApiRequest } from './request.ts'

/** Answers bytes that cannot be read as a request like any refused one: with a request ID, an error body and a line of the audit log. */
export function answerUnreadable(
  { kind, detail, certificate, clientAddress }: Unreadable & Pick<ApiRequest, 'certificate' | 'clientAddress'>,
  parts: AnswerParts,
): ApiAnswer {
  const requestId = parts.newId()
  const { fault } = refusals[kind](detail)
  const status = statusOf(fault.code)
  parts.audit({
    time: isoSeconds(parts.now()),
    requestId,
    thumbprint: certificate?.thumbprint ?? '',
    clientAddress,
    operation: '',
    path: '',
    outcome: `${status} ${fault.code}`,
  })
  const body = errorDocument.write(fault)
  return { status, body, headers: commonHeaders(requestId, parts.place.region, body) }
}
