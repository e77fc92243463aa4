/** `<Role>_IN_<n>`. */
export function instanceId(role: string, index: number): string {
  return `${role}_IN_${index}`
}

/** The role and number of an instance ID; undefined when it is none. */
export function parseInstanceId(id: string): { readonly role: string; readonly index: number } | undefined {
  const [, role, index] = /^(.+)_IN_(0|[1-9]\d*)$/s.exec(id) ?? []
  return role === undefined || index === undefined ? undefined : { role, index: Number(index) }
}
