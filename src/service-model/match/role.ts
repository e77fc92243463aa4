import type { RoleConfiguration } from '../configuration.ts'
import type { RoleDefinition } from '../definition.ts'
import { spelled } from '../spelling.ts'

/** Faults in the configuration of a role: settings, certificates, and ports for its instances (3.4). */
export function matchRole(
  role: RoleDefinition,
  configuration: RoleConfiguration | undefined,
  isMisspelled: boolean,
): readonly string[] {
  if (!configuration && isMisspelled) return []
  if (!configuration)
    return [
      `Role '${role.name}' declared in the service definition file is not specified in the service configuration file.`,
    ]
  const certificates = role.certificates.map(({ name }) => name)
  const configured = configuration.certificates.map(({ name }) => name)
  return [
    ...matchSets('Setting', role.name, role.settings, Object.keys(configuration.settings)),
    ...matchSets('Certificate', role.name, certificates, configured),
    ...matchPorts(role, configuration.instances),
  ]
}

/** The first text is the real service's; the second is made after it. */
function matchSets(
  what: string,
  role: string,
  declared: readonly string[],
  configured: readonly string[],
): readonly string[] {
  const [known, given] = [new Set(declared), new Set(configured)]
  const lacking = [...known].filter((name) => !given.has(name))
  const byLetters = new Map(lacking.map((name) => [name.toLowerCase(), name]))
  const foreign = [...given].filter((name) => !known.has(name))
  const meant = new Map(foreign.map((name) => [name, byLetters.get(name.toLowerCase())]))
  const misspelled = new Set(meant.values())
  return [
    ...[...meant].map(
      ([name, other]) =>
        `${what} '${name}' for role '${role}' specified in the service configuration file is not declared in the service definition file.${spelled(other)}`,
    ),
    ...lacking
      .filter((name) => !misspelled.has(name))
      .map(
        (name) =>
          `${what} '${name}' for role '${role}' declared in the service definition file is not specified in the service configuration file.`,
      ),
  ]
}

function matchPorts(role: RoleDefinition, instances: number): readonly string[] {
  return role.instanceInputEndpoints
    .filter(({ publicPorts: { min, max } }) => max - min + 1 < instances)
    .map(
      ({ name, publicPorts: { min, max } }) =>
        `The port range '${min}-${max}' for endpoint ${name} of role '${role.name}' has fewer ports than the ${instances} instances of the role.`,
    )
}
