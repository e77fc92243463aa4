/** Text that is equal for two plain values exactly if they are equal; undefined members and the order of keys make no difference. */
export function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) =>
      inner !== null && typeof inner === 'object' && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).toSorted(([one], [other]) => (one < other ? -1 : 1)))
        : inner,
    ) ?? ''
  )
}

interface Change {
  readonly name: string
  readonly what: 'added' | 'removed' | 'changed'
}

/** What was added, removed and changed between two lists of named pieces, whatever their order. */
export function changes<Piece extends { readonly name: string }>(
  current: readonly Piece[],
  next: readonly Piece[],
): readonly Change[] {
  const before = new Map(current.map((piece) => [piece.name, piece]))
  const after = new Set(next.map((piece) => piece.name))
  return [
    ...current.filter(({ name }) => !after.has(name)).map(({ name }) => ({ name, what: 'removed' as const })),
    ...next.flatMap((piece): Change[] => {
      const old = before.get(piece.name)
      if (!old) return [{ name: piece.name, what: 'added' }]
      return canonical(old) === canonical(piece) ? [] : [{ name: piece.name, what: 'changed' }]
    }),
  ]
}

/** `the endpoint Http would be added` */
export function inWords(what: string, change: Change): string {
  return `the ${what} ${change.name} would be ${change.what}`
}
