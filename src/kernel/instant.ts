/** A moment, in milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number

/** The same with these instants moved by `ms`; unset ones stay unset. */
export function moved<Data extends object>(data: Data, ms: number, ...instants: readonly (keyof Data)[]): Data {
  const changed = instants.flatMap((field) => {
    const instant = data[field]
    return typeof instant === 'number' ? [[field, instant + ms]] : []
  })
  return { ...data, ...Object.fromEntries(changed) }
}

/** `2026-01-01T00:00:41Z`: the form of every time in the API, UTC and without fraction. */
export function isoSeconds(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`
}
