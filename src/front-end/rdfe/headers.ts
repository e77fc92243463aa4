/** Headers of every answer, errors included. `Date` is added by the server. */
export function commonHeaders(requestId: string, region: string, body: string): Readonly<Record<string, string>> {
  return {
    'cache-control': 'no-cache',
    'content-length': String(new TextEncoder().encode(body).length),
    ...(body === '' ? {} : { 'content-type': 'application/xml; charset=utf-8' }),
    server: 'Reddog',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-ms-request-id': requestId,
    'x-ms-servedbyregion': region,
  }
}
