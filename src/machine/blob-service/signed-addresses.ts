import type { IncomingMessage, ServerResponse } from 'node:http'

const body =
  '<?xml version="1.0" encoding="utf-8"?><Error><Code>AuthorizationSourceIPMismatch</Code><Message>The signature is for some addresses only (sip), which this Blob service cannot check. Make one without.</Message></Error>'

/** Whether a shared access signature holds for some client addresses only: Azurite would take it from all. */
export function isOfSomeAddresses({ url = '' }: IncomingMessage): boolean {
  return [...new URLSearchParams(url.slice(url.indexOf('?') + 1)).keys()].some((name) => name.toLowerCase() === 'sip')
}

export function refuseIt(answer: ServerResponse): void {
  answer
    .writeHead(403, { 'Content-Type': 'application/xml', 'x-ms-error-code': 'AuthorizationSourceIPMismatch' })
    .end(body)
}
