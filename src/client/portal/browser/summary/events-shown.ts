interface Searched {
  readonly subject: string
  readonly kind: string
  readonly reason: string
}

/** The newest `most` of the events in which every word of the search occurs, in any letter case, newest first, and how many there are in all. */
export function eventsShown<Event extends Searched>(
  events: readonly Event[],
  search: string,
  most: number,
): { readonly shown: readonly Event[]; readonly found: number } {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const found = events.filter(({ subject, kind, reason }) => {
    const text = `${subject} ${kind} ${reason}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  return { shown: found.slice(-most).reverse(), found: found.length }
}
