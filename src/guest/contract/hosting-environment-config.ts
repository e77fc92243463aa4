import { attribute, group, saidAttribute } from '../../kernel/document/parts.ts'
import { record } from '../../kernel/document/record.ts'
import { count } from '../../kernel/document/scalars.ts'
import { writeDocument } from './document.ts'
import {
  applicationSettings,
  hostingEnvironmentSettings,
  resourceReferences,
  storedCertificates,
} from './elements/environment.ts'
import { flatOf } from './elements/flat-configuration.ts'
import { deployment, incarnation, roleNames } from './elements/identity.ts'
import type { GuestConfiguration } from './guest-configuration.ts'

/** What the role receives: settings, certificates by thumbprint, local resources (wire-server.md 6.1). */
const hostingEnvironmentConfig = record('HostingEnvironmentConfig', {
  version: saidAttribute('version', '1.0.0.0'),
  goalStateIncarnation: attribute(count('goalStateIncarnation')),
  storedCertificates,
  deployment,
  incarnation,
  roleElement: group('Role', {
    ...roleNames,
    hostingEnvironmentVersion: saidAttribute('hostingEnvironmentVersion', 0),
    software: saidAttribute('software', ''),
    softwareType: saidAttribute('softwareType', 'ApplicationPackage'),
    entryPoint: saidAttribute('entryPoint', ''),
    parameters: saidAttribute('parameters', ''),
    settleTimeSeconds: saidAttribute('settleTimeSeconds', 0),
  }),
  hostingEnvironmentSettings,
  settings: applicationSettings,
  localResources: resourceReferences,
})

export function writeHostingEnvironmentConfig(configuration: GuestConfiguration): string {
  return writeDocument(hostingEnvironmentConfig, flatOf(configuration))
}
