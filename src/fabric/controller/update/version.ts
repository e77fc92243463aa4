import { own } from '../../../kernel/own.ts'
import type { ServiceConfiguration } from '../../../service-model/configuration.ts'
import type { ServiceDefinition } from '../../../service-model/definition.ts'
import type { ExtensionChoice } from '../../contract/extension.ts'
import type { Numbers } from '../places/allocate.ts'
import type { DeploymentVersion, RoleRoot } from '../state/records/version.ts'
import { numbersFor, sameNumbers } from './numbers.ts'

/** A parsed configuration, with its text. */
export interface Configured {
  readonly configuration: ServiceConfiguration
  readonly configurationText: string
  readonly label: string
  readonly warnings?: readonly string[]
  readonly extensions?: ExtensionChoice | undefined
}

/** A package as far as a version needs it. */
export interface Packed {
  readonly sha256: string
  readonly definition: ServiceDefinition
}

/** The first version of a deployment. */
export function firstVersion(packed: Packed, configured: Configured): DeploymentVersion {
  return {
    ...configured,
    packageSha256: packed.sha256,
    roots: rootsOf(packed, 1),
    numbers: numbersFor(packed.definition, configured.configuration, {}),
    numbersSince: 1,
    blast: isBlast(packed.definition),
  }
}

/** Version `number` with another package, for all roles or a single one; the other roles keep what they run (U-13, U-17). */
export function upgradedVersion(
  former: DeploymentVersion,
  packed: Packed,
  configured: Configured,
  number: number,
  role?: string,
): DeploymentVersion {
  const fresh = rootsOf(packed, number)
  const roots = Object.entries(fresh).map(([name, root]) => [
    name,
    role === undefined || name === role ? root : (own(former.roots, name) ?? root),
  ])
  return {
    ...configured,
    packageSha256: packed.sha256,
    roots: Object.fromEntries(roots),
    ...counted(former, numbersFor(packed.definition, configured.configuration, former.numbers), number),
    blast: isBlast(packed.definition),
  }
}

/** Version `number` with another configuration alone (U-46); `numbers` where they do not follow from the counts. */
export function reconfiguredVersion(
  former: DeploymentVersion,
  definition: ServiceDefinition,
  configured: Configured,
  number: number,
  numbers: Numbers = numbersFor(definition, configured.configuration, former.numbers),
): DeploymentVersion {
  return { ...former, ...configured, ...counted(former, numbers, number) }
}

function counted(
  former: DeploymentVersion,
  numbers: Numbers,
  number: number,
): Pick<DeploymentVersion, 'numbers' | 'numbersSince'> {
  const { numbersSince } = former
  return sameNumbers(former.numbers, numbers) ? { numbers, numbersSince } : { numbers, numbersSince: number }
}

function rootsOf({ sha256, definition }: Packed, since: number): Readonly<Record<string, RoleRoot>> {
  return Object.fromEntries(
    definition.roles.map(({ name, vmSize }) => [name, { packageSha256: sha256, since, size: vmSize }]),
  )
}

function isBlast({ topologyChangeDiscovery }: ServiceDefinition): boolean {
  return topologyChangeDiscovery === 'Blast'
}
