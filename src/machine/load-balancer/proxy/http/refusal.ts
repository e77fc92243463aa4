const words = {
  400: 'Bad Request',
  404: 'Not Found',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
  505: 'HTTP Version Not Supported',
}

export type RefusalStatus = keyof typeof words

/** An answer of the balancer's own: only to requests that it cannot pass on without risk, or that do not come whole, and to names that nobody has. */
export function refusal(status: RefusalStatus, sentence: string): string {
  const body = `${sentence}\n`
  return `HTTP/1.1 ${status} ${words[status]}\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`
}
