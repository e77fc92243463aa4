import { httpStatusOf } from '../../fabric/contract/commands.ts'
import { type Fault, type Result, refused } from '../../kernel/fault.ts'

/** Largest request body that is taken (R-22). */
export const bodyLimitBytes = 10 * 1024 * 1024

/** Most bytes of the headers of a request, with its first line: what Node and most servers accept (R-25). */
export const headerLimitBytes = 16 * 1024

/** Our own codes, with their status, where section 6 has none. */
const ownCodes: Readonly<Record<string, number>> = {
  RequestEntityTooLarge: 413,
  RequestHeaderFieldsTooLarge: 431,
  RequestTimeout: 408,
  UnsupportedMediaType: 415,
}

/** HTTP status of an answer with this error code (section 6). */
export function statusOf(code: string): number {
  return ownCodes[code] ?? httpStatusOf(code)
}

/** A refusal by the rules of the API. Texts that are known from the production service are word for word the same (section 6). */
export const refusals = {
  /** R-4, the unknown subscription included, so that IDs cannot be probed. */
  notAuthenticated: () =>
    refused(
      'ForbiddenError',
      'The server failed to authenticate the request. Verify that the certificate is valid and is associated with this subscription.',
    ),
  subscriptionDisabled: () =>
    refused('SubscriptionDisabled', 'The subscription is disabled. Ask the operator of this server to enable it.'),
  /** R-12. */
  noVersion: (found: string | undefined) =>
    refused(
      'MissingOrIncorrectVersionHeader',
      `The header x-ms-version ${found === undefined ? 'is missing' : `holds "${found}"`}. Send a date from 2009-10-01 on, such as 2014-10-01.`,
    ),
  /** R-14. */
  newerThanVersion: (operation: string, since: string, found: string) =>
    refused(
      'MissingOrIncorrectVersionHeader',
      `${operation} came with version ${since}, and the header x-ms-version says ${found}. Send ${since} or later.`,
    ),
  noSuchPath: (path: string) => refused('ResourceNotFound', `There is no resource at ${path}.`),
  /** R-8. */
  brokenEncoding: (segment: string) =>
    refused(
      'BadRequest',
      `The part "${segment}" of the path is no percent-encoded UTF-8. Write each byte as % and two hexadecimal digits, and % itself as %25.`,
    ),
  wrongVerb: (verb: string, allowed: readonly string[]) =>
    refused('InvalidHttpVerb', `${verb} is not offered here. Use ${allowed.join(' or ')}.`),
  wrongQuery: (name: string, found: string | undefined, allowed: readonly string[]) =>
    refused(
      'MissingOrInvalidRequiredQueryParameter',
      `The query parameter ${name} ${found === undefined ? 'is missing' : `is "${found}"`}. Use ${allowed.join(' or ')}.`,
    ),
  wrongContentType: (found: string) =>
    refused('InvalidContentType', `The content type "${found}" is not read. Send application/xml.`),
  /** R-20. */
  encodedBody: (coding: string) =>
    refused(
      'UnsupportedMediaType',
      `The body comes with Content-Encoding "${coding}", which is not read here. Send it as it is.`,
    ),
  /** R-22. */
  tooLarge: () =>
    refused(
      'RequestEntityTooLarge',
      `The request body is larger than ${bodyLimitBytes / 1024 / 1024} MiB. Send a smaller one.`,
    ),
  /** R-25: what is checked before any operation. */
  malformed: (detail: string) =>
    refused('BadRequest', `What was sent cannot be read as an HTTP/1.1 request: ${detail}. The connection ends.`),
  headersTooLarge: () =>
    refused(
      'RequestHeaderFieldsTooLarge',
      `The headers of the request are larger than ${headerLimitBytes / 1024} KiB. Send fewer or shorter ones.`,
    ),
  tooSlow: () =>
    refused('RequestTimeout', 'The request did not come in completely in the time allowed. Send it again.'),
  noHost: () => refused('BadRequest', 'The request has no Host header. Send one: addresses in answers begin with it.'),
  badHost: (found: string) =>
    refused('BadRequest', `The host "${found}" is none. Send HOST or HOST:PORT: addresses in answers begin with it.`),
  bad: (message: string) => refused('BadRequest', message),
  noService: () => refused('ResourceNotFound', 'The hosted service does not exist.'),
  noDeployment: () => refused('ResourceNotFound', 'No deployments were found.'),
  missing: (message: string) => refused('ResourceNotFound', message),
  /** R-23. */
  badLabel: () => refused('BadRequest', 'The label is invalid. Send 1 to 100 characters in UTF-8, as Base64.'),
  badServiceName: () => refused('BadRequest', 'The hosted service name is invalid.'),
  /** The controller does not answer: it is starting again, or has ended. */
  busy: (what: string) => refused('ServerBusy', `${what} Retry after some time.`),
  internal: () => refused('InternalError', 'The server encountered an internal error. Please retry the request.'),
} satisfies Readonly<Record<string, (...found: never[]) => { readonly ok: false; readonly fault: Fault }>>

/** A required value, or the refusal that says why it is missing. */
export function required<Value>(value: Value | null | undefined, refusal: Result<never>): Result<Value> {
  return value === null || value === undefined ? refusal : { ok: true, value }
}
