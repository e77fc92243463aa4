/**
 * Whether two records have the same values in all fields but the excluded ones: a new field counts until it is excluded. Values other than plain
 * scalars are the same only as one object. Undefined equals only undefined.
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
