/** A request target in its parts. */
export interface Target {
  /** '' when the path is empty. */
  readonly subscriptionId: string
  /** Segments after the subscription, percent-decoded once; empty ones are gone. Undefined: the encoding is broken. */
  readonly segments: readonly string[] | undefined
  /** Names in lower case, values form-decoded and trimmed; of a repeated name the last one counts. */
  readonly query: ReadonlyMap<string, string>
}

export function readTarget(target: string): Target {
  const [path = '', query = ''] = target.split(/\?(.*)/s)
  const [subscription = '', ...segments] = path.split('/').filter(Boolean)
  return {
    subscriptionId: (decoded([subscription])?.[0] ?? '').toLowerCase(),
    segments: decoded(segments),
    query: new Map([...new URLSearchParams(query)].map(([name, value]) => [name.toLowerCase(), value.trim()])),
  }
}

function decoded(segments: readonly string[]): readonly string[] | undefined {
  try {
    return segments.map(decodeURIComponent)
  } catch {
    return undefined
  }
}
