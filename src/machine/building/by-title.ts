/** Neighbours of one title, together: the Host Agents stop at once, not one after the other. */
export function byTitle<Entry>(
  entries: readonly Entry[],
  title: (entry: Entry) => string,
): readonly (readonly Entry[])[] {
  const groups: Entry[][] = []
  for (const entry of entries) {
    const group = groups.at(-1)
    if (group?.[0] !== undefined && title(group[0]) === title(entry)) group.push(entry)
    else groups.push([entry])
  }
  return groups
}
