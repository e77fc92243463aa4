import { fine, type Result } from '../../kernel/fault.ts'
import { refusals } from '../contract/errors.ts'

/** A request target in its parts. */
export interface Target {
  /** `HOST[:PORT]` of a target in absolute form, which stands in for the Host header (RFC 9112 3.2.2). */
  readonly authority: string | undefined
  /** As written, without the query. */
  readonly path: string
  /** '' when the path is empty. */
  readonly subscriptionId: string
  /** Segments after the subscription, percent-decoded once; empty ones are removed. */
  readonly segments: Result<readonly string[]>
  /** Names in lower case, values form-decoded and trimmed; of a repeated name the last one counts. */
  readonly query: ReadonlyMap<string, string>
}

export function readTarget(target: string): Target {
  const [, authority, rest = target] = /^https?:\/\/([^/?#]*)(.*)$/is.exec(target) ?? []
  const [path = '', query = ''] = rest.split(/\?(.*)/s)
  const [subscription = '', ...segments] = path.split('/').filter(Boolean)
  return {
    authority,
    path,
    subscriptionId: (decoded(subscription) ?? '').toLowerCase(),
    segments: decodedAll(segments),
    query: new Map([...new URLSearchParams(query)].map(([name, value]) => [name.toLowerCase(), value.trim()])),
  }
}

function decodedAll(segments: readonly string[]): Result<readonly string[]> {
  const found: string[] = []
  for (const segment of segments) {
    const text = decoded(segment)
    if (text === undefined) return refusals.brokenEncoding(segment)
    found.push(text)
  }
  return fine(found)
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}
