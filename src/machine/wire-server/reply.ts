import type { ServerResponse } from 'node:http'

export interface Reply {
  readonly status: number
  readonly body?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

export function document(body: string): Reply {
  return { status: 200, body, headers: { 'content-type': 'text/xml; charset=utf-8' } }
}

/** A refusal with one sentence for whoever writes an agent. */
export function refusal(status: number, sentence: string): Reply {
  return { status, body: sentence, headers: { 'content-type': 'text/plain; charset=utf-8' } }
}

export function write(response: ServerResponse, { status, body = '', headers = {} }: Reply): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
}
