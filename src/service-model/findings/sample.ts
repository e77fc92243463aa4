import type { RoleDefinition } from '../definition.ts'
import type { RoleEnvironment } from '../role-environment.ts'
import { roleRoot } from './file-finder.ts'

const deploymentId = 'deployment'

/** The platform's variables that command lines name, as an instance of the role would have them (S-30). */
export function sampleVariables({ name, kind }: RoleDefinition): Readonly<Record<string, string>> {
  return {
    RoleRoot: roleRoot,
    RdRoleRoot: `${roleRoot}/`,
    RoleName: name,
    RoleInstanceID: `${name}_IN_0`,
    RoleDeploymentID: deploymentId,
    SystemDrive: '/c',
    TEMP: '/temp',
    TMP: '/temp',
    TMPDIR: '/temp',
    PATH: '/usr/bin:/bin',
    WaRoleType: kind === 'WebRole' ? 'IISWebRole' : 'WorkerRole',
  }
}

/** What its first instance would know about itself. Values of settings come from the configuration, and are unknown here. */
export function sampleEnvironment({
  name,
  localResources,
  inputEndpoints,
  internalEndpoints,
  instanceInputEndpoints,
}: RoleDefinition): RoleEnvironment {
  const endpoints = [...inputEndpoints, ...internalEndpoints, ...instanceInputEndpoints]
  return {
    deploymentId,
    emulated: false,
    currentInstance: {
      id: `${name}_IN_0`,
      roleName: name,
      faultDomain: 0,
      updateDomain: 0,
      settings: {},
      localResources: localResources.map((resource) => ({ ...resource, path: `/resources/${resource.name}/` })),
      endpoints: endpoints.map((endpoint) => ({
        name: endpoint.name,
        address: '127.0.0.1',
        port: 'port' in endpoint ? endpoint.port : 1,
        protocol: endpoint.protocol,
      })),
    },
    roles: [],
  }
}
