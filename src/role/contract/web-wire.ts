/**
 * The wire between W3SVC and w3wp: one connection for all requests without a body, in frames (`kernel/frames.ts`). What comes in one turn of the event
 * loop goes in one write, and neither side parses HTTP. A request with a body, or for another protocol, goes to w3wp by HTTP, and every one does where
 * nobody listens at the wire's socket.
 */

/** The wire's own socket, beside the one for HTTP. */
export const wireSocket = (socket: string) => `${socket}w`

/**
 * What a frame says. Of W3SVC: a request, or that nobody waits for its answer any more, or that its pieces are to pause, and come again. Of w3wp:
 * the head of an answer, a piece of its body, the last piece, or that the answer ends half way.
 */
export const frameKinds = { ask: 1, cancel: 2, pause: 3, resume: 4, head: 5, piece: 6, last: 7, broken: 8 } as const

/** A request without a body. Fields are name and value in turn. */
export interface WireRequest {
  readonly method: string
  readonly url: string
  /** As `writeRequestFacts` writes them. */
  readonly facts: string
  readonly fields: readonly string[]
}

/** The head of an answer. */
export interface WireHead {
  readonly status: number
  readonly reason: string
  /** As `writeAnswerFacts` writes them. */
  readonly facts: string
  readonly fields: readonly string[]
}

export const writeWireRequest = ({ method, url, facts, fields }: WireRequest) =>
  JSON.stringify([method, url, facts, ...fields])

export const writeWireHead = ({ status, reason, facts, fields }: WireHead) =>
  JSON.stringify([`${status}`, reason, facts, ...fields])

/** Throws for a text that is none. */
export function readWireRequest(text: string): WireRequest {
  const [method = '', url = '', facts = '', ...fields] = textsIn(text)
  return { method, url, facts, fields }
}

/** Throws for a text that is none. */
export function readWireHead(text: string): WireHead {
  const [status = '', reason = '', facts = '', ...fields] = textsIn(text)
  return { status: Number(status), reason, facts, fields }
}

function textsIn(text: string): readonly string[] {
  const texts: unknown = JSON.parse(text)
  if (Array.isArray(texts) && texts.length % 2 === 1 && texts.every((one) => typeof one === 'string')) return texts
  throw new Error('A frame between W3SVC and w3wp should have a list of texts, and has another content.')
}
