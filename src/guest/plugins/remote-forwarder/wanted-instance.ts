import type { EnvironmentEndpoint, RoleEnvironment } from '../../../service-model/role-environment.ts'

/** Whom a user name of the form `user#role#instance` asks for (P-23). */
export interface Wanted {
  readonly user: string
  readonly endpoint: EnvironmentEndpoint
}

/**
 * The instance that the name selects, or a sentence that says why there is none. `endpointName`: that of RemoteAccess. Names of roles and instances
 * ignore case.
 */
export function wantedInstance(name: string, { roles }: RoleEnvironment, endpointName: string): Wanted | string {
  const [user = '', roleName, id, ...more] = name.split('#')
  if (user === '' || roleName === undefined || id === undefined || more.length > 0)
    return 'it names no instance. Sign in as user#role#instance, such as operator#Web#Web_IN_0.'
  const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase()
  const reachable = roles.flatMap((role) =>
    role.instances.flatMap((instance) => {
      const endpoint = instance.endpoints.find((one) => one.name === endpointName)
      return endpoint ? [{ role: role.name, id: instance.id, endpoint }] : []
    }),
  )
  const found = reachable.find((one) => isSame(one.role, roleName) && isSame(one.id, id))
  if (found) return { user, endpoint: found.endpoint }
  const all = reachable
    .map((one) => `${one.role}#${one.id}`)
    .toSorted()
    .join(', ')
  return `there is no instance ${id} of a role ${roleName} with RemoteAccess. There are: ${all || 'none'}.`
}
