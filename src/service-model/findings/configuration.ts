import type { RoleConfiguration, ServiceConfiguration } from '../configuration.ts'
import type { ServiceDefinition } from '../definition.ts'
import { matchConfiguration } from '../match.ts'
import { readConfiguration } from '../read-configuration.ts'
import type { Finding, Verdict } from './finding.ts'

/** All objections to a configuration, alone and beside its definition; and the certificates that it needs. */
export function configurationFindings(definition: ServiceDefinition, text: string): readonly Finding[] {
  const read = readConfiguration(text)
  if (!read.value) return read.errors.map((reason) => finding('cannotRun', reason))
  const { errors, warnings } = matchConfiguration(definition, read.value)
  return [
    ...errors.map((reason) => finding('cannotRun', reason)),
    ...[...read.warnings, ...warnings].map((reason) => finding('passedOver', reason)),
    ...read.value.roles.flatMap(emulatorsOf),
    ...read.value.roles.flatMap(certificatesOf),
  ]
}

/** The number of instances in a configuration, by role; empty when it cannot be read. */
export function instanceCounts(text: string): Readonly<Record<string, number>> {
  const roles: ServiceConfiguration['roles'] = readConfiguration(text).value?.roles ?? []
  return Object.fromEntries(roles.map(({ name, instances }) => [name, instances]))
}

function finding(verdict: Verdict, reason: string): Finding {
  return { role: '', subject: 'configuration', name: '', verdict, reason }
}

/** What every configuration of a development machine holds. That of a plug-in is said by the plug-in. */
function emulatorsOf({ name: role, settings }: RoleConfiguration): readonly Finding[] {
  return Object.entries(settings)
    .filter(([name, value]) => /^\s*UseDevelopmentStorage\s*=\s*true/i.test(value) && !name.startsWith(ofPlugIns))
    .map(([name]) => ({
      role,
      subject: 'configuration',
      name,
      verdict: 'passedOver',
      reason: `Role ${role}: the setting "${name}" is UseDevelopmentStorage=true, the storage emulator of a development machine, which an instance has not. Set it to the connection string of a storage account.`,
    }))
}

const ofPlugIns = 'Microsoft.WindowsAzure.Plugins.'

function certificatesOf({ name: role, certificates }: RoleConfiguration): readonly Finding[] {
  return certificates.map(({ name, thumbprint }) => ({
    role,
    subject: 'certificate',
    name,
    verdict: 'asIs',
    reason: `The cloud service must have ${thumbprint}: reddog cert add.`,
  }))
}
