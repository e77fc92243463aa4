import type { ServiceDefinition } from '../definition.ts'

/** The settings that the manifests of csdx and csmx list for the author of a configuration (package-format.md 2.2). */
export function requiredSettings({ roles }: ServiceDefinition): {
  readonly systemSettings: readonly string[]
  readonly applicationSettings: readonly string[]
} {
  return {
    systemSettings: roles.map(({ name }) => `${name}Instances`),
    applicationSettings: roles.flatMap((role) => role.settings.map((setting) => `${role.name}:${setting}`)),
  }
}
