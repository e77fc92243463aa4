import { fine, type Result } from '../../kernel/fault.ts'
import { roleVariables } from '../../role/contract/variables.ts'
import type { Variable } from '../../service-model/definition.ts'
import { layVariables } from '../../service-model/lay-variables.ts'
import type { RoleEnvironment } from '../../service-model/role-environment.ts'
import { evaluateXpath } from '../../service-model/xpath.ts'
import {
  certificatesDirectory,
  configDirectory,
  diagnosticStore,
  realPath,
  resourcesDirectory,
  roleTempDirectory,
} from '../contract/guest-paths.ts'
import type { BootstrapperStart } from './protocol.ts'

/** The machine's part of the environment of a role's processes. */
export interface MachineVariables {
  /** HOME, USER and the like, as the bootstrapper itself was given them. */
  readonly inherited: Readonly<Record<string, string | undefined>>
  /** Directory of the machine's Node. */
  readonly nodeDirectory: string
  /** URL of the preload for Node programs (design.md 9.4). */
  readonly preload: string
  readonly versionEndpoint: string
  /** The program that runs programs for Windows; undefined on a machine without wine. */
  readonly runByWine?: string | undefined
}

const inheritedNames = ['HOME', 'USER', 'LOGNAME', 'LANG', 'TZ'] as const

/** How far a fixed port below the system's limit is moved up (design.md 9.4): 80 → 8080, 443 → 8443. */
const movedBy = 8_000

/** The environment of startup tasks and of the host process (S-30, role-runtime.md 9). */
export function platformVariables(
  start: BootstrapperStart,
  { path, environment }: { readonly path: string; readonly environment: RoleEnvironment },
  machine: MachineVariables,
): Readonly<Record<string, string>> {
  const { settings, owner, instance, roleRoot } = start
  const real = (logical: string) => realPath(settings.root, logical) ?? logical
  const temporary = real(roleTempDirectory(owner))
  const inherited = inheritedNames.flatMap((name) => {
    const value = machine.inherited[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    ...Object.fromEntries(inherited),
    PATH: [
      machine.nodeDirectory,
      `${roleRoot}/base/x64`,
      `${roleRoot}/base/x86`,
      // As `inetsrv` of Windows: appcmd (I-53).
      `${settings.programs}/inetsrv`,
      machine.inherited['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    ].join(':'),
    SystemDrive: real('C:'),
    RoleName: owner.role,
    RoleInstanceID: instance,
    RoleDeploymentID: owner.deploymentId,
    RdRoleId: settings.key,
    RoleRoot: roleRoot,
    RdRoleRoot: `${roleRoot}/`,
    RdRoleConfigRootPath: `${real(configDirectory)}/`,
    RdRoleResourcesRootPath: `${real(resourcesDirectory)}/`,
    RdRoleLogRootPath: `${real(resourcesDirectory)}/`,
    TEMP: temporary,
    TMP: temporary,
    TMPDIR: temporary,
    DiagnosticStore: `${real(diagnosticStore(owner))}/`,
    WaRoleType: start.roleKind === 'WebRole' ? 'IISWebRole' : 'WorkerRole',
    __WaRuntimeAgent__: `WA-Runtime-${settings.containerId.replaceAll('-', '')}`,
    [roleVariables.runtimeEndpoint]: machine.versionEndpoint,
    [roleVariables.roleEnvironment]: path,
    [roleVariables.certificates]: real(certificatesDirectory),
    // A network of its own has all addresses and ports to itself.
    ...(settings.ownNetwork
      ? {}
      : {
          [roleVariables.listenAddress]: settings.address,
          [roleVariables.portMap]: portMap(environment, settings.firstPort),
        }),
    NODE_OPTIONS: `--import=${machine.preload}`,
  }
}

/**
 * A task's or the runtime's own variables, added to the platform's and replacing them, except the runtime's endpoint. Refused like
 * `layVariables`.
 */
export function withVariables(
  platform: Readonly<Record<string, string>>,
  variables: readonly Variable[],
  environment: RoleEnvironment,
): Result<Readonly<Record<string, string>>> {
  const laid = layVariables(platform, variables, environment)
  if (!laid.ok) return laid
  const endpoint = roleVariables.runtimeEndpoint
  return fine({ ...laid.value, [endpoint]: platform[endpoint] ?? '' })
}

/** The messages about variables whose xpath names nothing in the role, one clause each (2.14 of service-model.md). */
export function unsetVariables(variables: readonly Variable[], environment: RoleEnvironment): readonly string[] {
  return variables.flatMap((variable) => {
    const value = 'xpath' in variable ? evaluateXpath(variable.xpath, environment) : undefined
    if (!('xpath' in variable) || !value?.ok || value.value !== undefined) return []
    return [`The variable ${variable.name} is not set: its xpath ${variable.xpath} names nothing that the role has`]
  })
}

function portMap(environment: RoleEnvironment, firstPort: number): string {
  return environment.currentInstance.endpoints
    .map(({ port }) => port)
    .filter((port) => port > movedBy && port - movedBy < firstPort)
    .map((port) => `${port - movedBy}=${port}`)
    .join(',')
}
