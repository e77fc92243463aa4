import * as fc from 'fast-check'

/** Every place in a value, as the keys that lead to it. */
export function placesIn(value: unknown): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [[key], ...placesIn(inner).map((rest) => [key, ...rest])])
}

/** The value as JSON carries it, with something else, or nothing, at that place. */
export function withPoison(table: object, place: readonly string[], poison: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(table)) as Record<string, unknown>
  const last = place.at(-1) as string
  const holder = place.slice(0, -1).reduce((at, key) => at[key] as Record<string, unknown>, copy)
  holder[last] = poison
  return JSON.parse(JSON.stringify(copy)) as unknown
}

/** What somebody might put there who wishes no good. */
export const anyPoison = fc.oneof(
  fc.constantFrom(
    99_999_999_999_000,
    2 ** 31,
    2 ** 53,
    -1,
    0,
    1.5,
    1e308,
    65_536,
    '',
    '/a b',
    '/ä\ud800\n',
    'x'.repeat(5_000),
  ),
  fc.constantFrom('::1', '300.1.1.1', 'localhost', 'fe80::1%lo', '10.0.0.0/33', 'http', 'udp', '__proto__'),
  fc.constant(undefined),
  fc.jsonValue(),
)
