import type { ServiceDefinition } from './definition.ts'

/** The roles that alone may call an internal endpoint; undefined: every role of the deployment. */
export function callersOf(
  { networkTrafficRules }: Pick<ServiceDefinition, 'networkTrafficRules'>,
  role: string,
  endpoint: string,
): readonly string[] | undefined {
  const rules = networkTrafficRules.filter(({ destinations }) =>
    destinations.some(({ roleName, endpointName }) => roleName === role && endpointName === endpoint),
  )
  if (rules.length === 0 || rules.some(({ fromRoles }) => !fromRoles)) return undefined
  return [...new Set(rules.flatMap(({ fromRoles = [] }) => fromRoles))]
}
