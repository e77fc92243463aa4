/**
 * Whether two records have the same values in all fields but those set aside: a field that is new is news until somebody names it.
 * Values that are no plain scalars are the same when they are one object. Nothing is the same as nothing alone.
 */
export function sameBut<Data extends object>(
  one: Data | undefined,
  other: Data | undefined,
  ...aside: readonly (keyof Data)[]
): boolean {
  if (one === other || one === undefined || other === undefined) return one === other
  const fields = Object.keys({ ...one, ...other }) as (keyof Data)[]
  return fields.every((field) => one[field] === other[field] || aside.includes(field))
}
