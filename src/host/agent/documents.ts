import { configName } from '../../guest/contract/config-name.ts'
import { writeExtensionsConfig } from '../../guest/contract/extensions-config.ts'
import { writeFullConfig } from '../../guest/contract/full-config.ts'
import {
  defaultProbePort,
  type GoalRoleInstance,
  type GoalState,
  writeGoalState,
} from '../../guest/contract/goal-state.ts'
import type { GuestConfiguration } from '../../guest/contract/guest-configuration.ts'
import type { GuestDocuments } from '../../guest/contract/guest-documents.ts'
import { writeHostingEnvironmentConfig } from '../../guest/contract/hosting-environment-config.ts'
import { writeSharedConfig } from '../../guest/contract/shared-config.ts'
import { softwareDirectory } from './paths.ts'
import type { ContainerRecord, HostConfiguration, Served } from './state.ts'

/** The documents that are served to a container now; undefined while it is being set up. */
export function documentsOf(configuration: HostConfiguration, record: ContainerRecord): GuestDocuments | undefined {
  const { served, incarnation, containerId, key } = record
  if (!served) return undefined
  const content = guestConfiguration(configuration, record, served)
  return {
    containerId,
    instanceId: key,
    incarnation,
    goalState: (base) => writeGoalState(goalStateOf(record, served, base)),
    config(type, base) {
      switch (type) {
        case 'hostingEnvironmentConfig':
          return writeHostingEnvironmentConfig(content)
        case 'sharedConfig':
          return writeSharedConfig(content)
        case 'extensionsConfig':
          return writeExtensionsConfig(incarnation, `${base}/status/${containerId}?sig=0`)
        case 'fullConfig':
          return writeFullConfig(content)
        default:
          return undefined
      }
    },
  }
}

/** The configuration in the documents of a container (wire-server.md 6). */
export function guestConfiguration(
  configuration: HostConfiguration,
  { incarnation }: ContainerRecord,
  { guest, packageSha256, directory, root, prepare, keepFormerRoot }: Served,
): GuestConfiguration {
  return {
    goalStateIncarnation: incarnation,
    specification: guest,
    software: softwareDirectory(configuration, directory, guest.role),
    softwareSha256: packageSha256,
    root,
    next: prepare && {
      software: softwareDirectory(configuration, prepare.directory, guest.role),
      softwareSha256: prepare.packageSha256,
    },
    keepFormerRoot,
  }
}

/** The goal state of a container, its URLs below `base` (wire-server.md 5). */
export function goalStateOf(
  { containerId, key, incarnation }: ContainerRecord,
  served: Served,
  base: string,
): GoalState & { readonly roleInstance: GoalRoleInstance } {
  const url = (comp: string) => `${base}/machine/${containerId}/${encoded(key)}?comp=${comp}&incarnation=${incarnation}`
  const config = (type: string) => url(`config&type=${type}`)
  return {
    incarnation,
    machine: served.machine,
    stopRolesDeadlineHintMs: served.stopRolesDeadlineHintMs,
    probePort: defaultProbePort,
    agentPackage: served.agentPackage,
    containerId,
    roleInstance: {
      instanceId: key,
      state: served.role,
      hostingEnvironmentConfig: config('hostingEnvironmentConfig'),
      sharedConfig: config('sharedConfig'),
      extensionsConfig: config('extensionsConfig'),
      fullConfig: config('fullConfig'),
      ...(served.certificates.length > 0 && { certificates: url('certificates') }),
      configName: configName(served.guest),
    },
  }
}

/** As the production fabric writes it: `_` and `-` encoded too (wire-server.md 5.2). */
function encoded(instanceId: string): string {
  return encodeURIComponent(instanceId).replaceAll('_', '%5F').replaceAll('-', '%2D')
}
