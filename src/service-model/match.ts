import type { RoleConfiguration, ServiceConfiguration } from './configuration.ts'
import type { ServiceDefinition } from './definition.ts'
import { connectionSetting, whyNoAccount } from './diagnostics/account.ts'
import { matchNetwork } from './match/network.ts'
import { matchRole } from './match/role.ts'
import { spelled } from './spelling.ts'

interface Match {
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

/**
 * Compares a configuration with the definition inside the package, plug-ins expanded (3.4). `uploaded` is the set of thumbprints,
 * in upper case, that the hosted service has; without it certificates are not checked. All faults at once.
 */
export function matchConfiguration(
  definition: ServiceDefinition,
  configuration: ServiceConfiguration,
  uploaded?: ReadonlySet<string>,
): Match {
  const configured = new Map(configuration.roles.map((role) => [role.name, role]))
  const anyCase = new Set(configuration.roles.map(({ name }) => name.toLowerCase()))
  const errors = [
    ...matchNames(definition, configuration),
    ...definition.roles.flatMap((role) =>
      matchRole(role, configured.get(role.name), anyCase.has(role.name.toLowerCase())),
    ),
    ...matchNetwork(definition.roles, configuration.network),
    ...(uploaded ? absentCertificates(configuration, uploaded) : []),
  ]
  return { errors, warnings: configuration.roles.flatMap(noAccount) }
}

/**
 * Errors or warnings of `matchConfiguration` in the frame of the real service: its prefix once, then one framed message a fault,
 * joined by commas (3.4). A certificate that was not uploaded is reported without the frame.
 */
export function validationErrorText(errors: readonly string[], severity: 'Error' | 'Warning' = 'Error'): string {
  const frame = `Error validating the .cscfg file against the .csdef file. Severity:${severity}, message:`
  const { framed = [], plain = [] } = Object.groupBy(errors, (error) =>
    error.startsWith(certificateAbsent) ? 'plain' : 'framed',
  )
  const messages = [...framed.map((error) => `${frame}${error}`), ...plain].join(',')
  return framed.length > 0 ? `Validation Errors: ${messages}` : messages
}

const certificateAbsent = 'The certificate with thumbprint '

function absentCertificates({ roles }: ServiceConfiguration, uploaded: ReadonlySet<string>): readonly string[] {
  const wanted = new Set(roles.flatMap(({ certificates }) => certificates.map(({ thumbprint }) => thumbprint)))
  return [...wanted]
    .filter((thumbprint) => !uploaded.has(thumbprint))
    .map((thumbprint) => `${certificateAbsent}${thumbprint} was not found.`)
}

function matchNames({ name, roles }: ServiceDefinition, configuration: ServiceConfiguration): readonly string[] {
  const { serviceName } = configuration
  const undeclared = configuration.roles.filter((role) => !roles.some((declared) => declared.name === role.name))
  const given = new Set(configuration.roles.map((role) => role.name))
  const lacking = new Map(
    roles.flatMap((role) => (given.has(role.name) ? [] : [[role.name.toLowerCase(), role.name] as const])),
  )
  return [
    ...(name === serviceName
      ? []
      : [
          `The service name '${serviceName}' in the service configuration file is not the name '${name}' of the service definition file.${name.toLowerCase() === serviceName.toLowerCase() ? ' Letter case matters.' : ''}`,
        ]),
    ...undeclared.map(
      (role) =>
        `Role '${role.name}' specified in the service configuration file is not declared in the service definition file.${spelled(lacking.get(role.name.toLowerCase()))}`,
    ),
  ]
}

/** Diagnostics without an account: the original recycled such a role for ever (P-12). */
function noAccount({ name, settings }: RoleConfiguration): readonly string[] {
  const value = settings[connectionSetting]
  const why = value === undefined ? undefined : whyNoAccount(value)
  if (why === undefined) return []
  return [
    `Diagnostics of role '${name}' transfers nothing, unless its diagnostics.wadcfgx names an account: ${connectionSetting} ${why}`,
  ]
}
