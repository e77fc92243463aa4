/** Rules such as `U-31` that texts cite and the specification does not have. */
export function unknownRules(texts: Iterable<string>, specification: string): readonly string[] {
  const cited = new Set<string>()
  for (const text of texts) for (const [rule] of text.matchAll(/\b[FATHSILUGPMRODCKBEQXV]-\d{1,2}\b/g)) cited.add(rule)
  return [...cited].filter((rule) => !new RegExp(`(?<![\\w-])${rule}(?!\\d)`).test(specification))
}
