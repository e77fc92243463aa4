/** Instances with http requests in flight, over all processes that accept: a draining instance is done when no process has any. */
export interface BusySum<Part> {
  /** What a part has in flight now. */
  count(part: Part, instances: readonly string[]): void
  /** A part has nothing in flight any more at this instance. Answers whether no part has. */
  ended(part: Part, instance: string): boolean
  /** A part has ended with all its requests. Returns the instances at which nothing is in flight any more. */
  gone(part: Part): readonly string[]
  busy(): readonly string[]
}

export function sumBusy<Part>(): BusySum<Part> {
  const parts = new Map<Part, Set<string>>()
  const isBusy = (instance: string) => parts.values().some((instances) => instances.has(instance))
  return {
    count: (part, instances) => void parts.set(part, new Set(instances)),
    ended(part, instance) {
      parts.get(part)?.delete(instance)
      return !isBusy(instance)
    },
    gone(part) {
      const left = [...(parts.get(part) ?? [])]
      parts.delete(part)
      return left.filter((instance) => !isBusy(instance))
    },
    busy: () => [...new Set(parts.values().flatMap((instances) => instances))],
  }
}
