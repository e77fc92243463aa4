import { attribute, group, optionalAttribute, saidAttribute } from '../../kernel/document/parts.ts'
import { record } from '../../kernel/document/record.ts'
import { count, flag, oneOf, scalar, text } from '../../kernel/document/scalars.ts'
import { mapped } from '../../kernel/document/tag.ts'
import { readDocument, writeDocument } from './document.ts'
import {
  applicationSettings,
  hostingEnvironmentSettings,
  resourceReferences,
  storedCertificates,
} from './elements/environment.ts'
import { configurationOf, flatOf } from './elements/flat-configuration.ts'
import { deploymentWithTopology, incarnation, roleNames } from './elements/identity.ts'
import { instances, outputEndpoints } from './elements/topology.ts'
import type { GuestConfiguration } from './guest-configuration.ts'

/** A number that may have decimals. */
const cpu = scalar('cpu', String, (found) => (/^[\d.]+$/.test(found) ? Number(found) : undefined), 'a number', [1, 0.5])

/** `kind`, `size`, `disk` and all from `softwareSha256` on are Reddog's own attributes; memory and disk are in MB. */
const role = group('Role', {
  ...roleNames,
  hostingEnvironmentVersion: saidAttribute('hostingEnvironmentVersion', 0),
  software: attribute(text('software')),
  softwareType: saidAttribute('softwareType', 'ApplicationPackage'),
  entryPoint: saidAttribute('entryPoint', ''),
  parameters: saidAttribute('parameters', ''),
  settleTimeSeconds: saidAttribute('settleTimeSeconds', 0),
  hostingEnvironment: saidAttribute('hostingEnvironment', 'full'),
  cores: attribute(cpu),
  memoryMB: attribute(count('memory')),
  bandwidth: saidAttribute('bandwidth', 0),
  isManagementRole: saidAttribute('isManagementRole', false),
  roleKind: attribute(oneOf('kind', ['WebRole', 'WorkerRole'])),
  sizeId: attribute(text('size')),
  diskMB: attribute(count('disk')),
  softwareSha256: attribute(text('softwareSha256')),
  root: attribute(count('softwareRoot')),
  keepFormerRoot: attribute(flag('keepFormerRoot')),
  nextSoftware: optionalAttribute(text('nextSoftware')),
  nextSoftwareSha256: optionalAttribute(text('nextSoftwareSha256')),
})

/** Hosting environment and topology in one document, which the guest stores under its ConfigName (wire-server.md 6.4). */
export const fullConfigTag = mapped(
  record('RDConfig', {
    version: saidAttribute('version', '1.0.0.0'),
    goalStateIncarnation: attribute(count('goalStateIncarnation')),
    storedCertificates,
    deployment: deploymentWithTopology,
    incarnation,
    roleElement: role,
    hostingEnvironmentSettings,
    settings: applicationSettings,
    localResources: resourceReferences,
    outputEndpoints,
    instances,
  }),
  flatOf,
  configurationOf,
)

export function writeFullConfig(configuration: GuestConfiguration): string {
  return writeDocument(fullConfigTag, configuration)
}

/** Reads back everything that `writeFullConfig` was given. Throws XmlError when something is missing. */
export function readFullConfig(source: string): GuestConfiguration {
  return readDocument(fullConfigTag, source)
}
