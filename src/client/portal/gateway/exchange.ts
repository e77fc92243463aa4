import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Session } from './sessions.ts'

/** A request to the gateway and its answer, when it has been let in. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly method: string
  /** Path and query, as written. */
  readonly target: string
  readonly path: string
  readonly query: URLSearchParams
  /** Aborted when the caller has disconnected. */
  readonly gone: AbortSignal
}

/** The same from somebody who has signed in. */
export interface SignedInExchange extends Exchange {
  readonly session: Session
}

/** Answers with JSON. */
export function answerJson(response: ServerResponse, status: number, value: object): void {
  const text = JSON.stringify(value)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

/** Answers with a sentence: what a person reads who has opened an address. */
export function answerText(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(sentence),
  })
  response.end(sentence)
}

/** Answers 204, with nothing. */
export function answerNothing(response: ServerResponse, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(204, headers).end()
}
