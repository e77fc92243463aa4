import { writeRequestFacts } from '../../role/contract/web-request.ts'
import type { AnswerHead } from './exchange.ts'
import { passedFields } from './fields.ts'
import type { Routed } from './routed.ts'

/** What stands for a status that is none. */
const badGateway = 502

function isStatus(code: number): boolean {
  return code === 101 || (code >= 200 && code <= 599)
}

/** The head of an answer of w3wp, as the client gets it. */
export function facing(status: number, reason: string, fields: readonly string[]): AnswerHead {
  return {
    status: isStatus(status) ? status : badGateway,
    statusText: /^[\t\x20-\x7e]*$/.test(reason) ? reason : '',
    fields: passedFields(fields),
    isLast: false,
  }
}

export function factsText({ exchange, site, client, local, isSecure }: Routed): string {
  return writeRequestFacts({ site, remote: client, local, isSecure, protocol: exchange.protocol })
}

/** The fields that w3wp receives. */
export function workerFields({ exchange, host }: Routed): string[] {
  const passed = passedFields(exchange.head.fields)
  const fields = ['Host', host]
  let isSized = false
  for (let at = 0; at < passed.length; at += 2) {
    const name = (passed[at] as string).toLowerCase()
    if (name === 'content-length') isSized = true
    if (name !== 'host') fields.push(passed[at] as string, passed[at + 1] as string)
  }
  if (isSized) return fields
  if (exchange.hasBody) fields.push('Transfer-Encoding', 'chunked')
  else if (['POST', 'PUT', 'PATCH'].includes(exchange.head.method)) fields.push('Content-Length', '0')
  return fields
}
