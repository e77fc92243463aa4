import type { ServerResponse } from 'node:http'
import { writeDocument } from '../../guest/contract/document.ts'
import { record } from '../../kernel/document/record.ts'
import { text } from '../../kernel/document/scalars.ts'

export interface Reply {
  readonly status: number
  readonly body?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** Every body is XML (wire-server.md 1.4). */
const headers = { 'content-type': 'text/xml; charset=utf-8' }

export function document(body: string): Reply {
  return { status: 200, body, headers }
}

const error = record('Error', { message: text('Message') })

/** A refusal with one sentence for the author of an agent; agents look for certain words in its text (wire-server.md 4). */
export function refusal(status: number, sentence: string): Reply {
  return { status, body: writeDocument(error, { message: sentence }), headers }
}

export function write(response: ServerResponse, { status, body = '', headers = {} }: Reply): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
}
