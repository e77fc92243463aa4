import { type Content, type Markup, xml } from '../../kernel/xml.ts'
import type { InputEndpoint, InternalEndpoint, RoleDefinition, ServiceDefinition } from '../definition.ts'
import { storedName } from './runtime-setup.ts'

/** Where the role stands in its `.rd`. */
interface Place {
  readonly definition: ServiceDefinition
  /** `/<service>/<service>Group`, the front of every moniker. */
  readonly group: string
  readonly software: string
}

/** The `role` element of the `.rd` (package-format.md 2.4). */
export function writeModelRole(role: RoleDefinition, { definition, group, software }: Place): Markup {
  const isWeb = role.kind === 'WebRole'
  const attributes = {
    name: role.name,
    generation: 1,
    functional: 0,
    release: 0,
    software,
    entryPoint: 'base\\x64\\WaHostBootstrapper.exe',
    // The blank at the end is in every real package.
    parameters: isWeb && role.sites ? 'base\\x64\\WaIISHost.exe ' : 'base\\x64\\WaWorkerHost.exe ',
    memIndex: -1,
    hostingEnvironment: isWeb ? 'frontendadmin' : 'consoleroleadmin',
    hostingEnvironmentVersion: 2,
  }
  return xml('role', attributes, [
    xml('componentports', {}, [...inPorts(role, group), ...outPorts(definition, group)]),
    xml('settings', {}, [
      ...role.settings.map((name) => xml('aCS', { name, defaultValue: '' })),
      xml('aCS', { name: '__ModelData', defaultValue: visibleEndpoints(role, definition).markup }),
    ]),
    xml('resourcereferences', {}, resources(role)),
    role.certificates.length > 0 ? certificates(role, group) : undefined,
  ])
}

function inPorts(role: RoleDefinition, group: string): readonly Markup[] {
  const port = (name: string, protocol: string, portRanges: string | number | undefined, content?: Content) =>
    xml('inPort', { name, protocol, portRanges }, content)
  return [
    ...role.inputEndpoints.map((endpoint) =>
      port(
        endpoint.name,
        endpoint.protocol,
        localPort(endpoint),
        endpoint.certificate &&
          xml('certificate', {}, xml('certificateMoniker', { name: `${group}/${role.name}/${endpoint.certificate}` })),
      ),
    ),
    ...role.internalEndpoints.map((endpoint) => port(endpoint.name, endpoint.protocol, range(endpoint))),
    ...role.instanceInputEndpoints.map((endpoint) => port(endpoint.name, endpoint.protocol, endpoint.localPort)),
  ]
}

function localPort({ localPort }: InputEndpoint): number | undefined {
  return localPort === '*' ? undefined : localPort
}

function range({ range }: InternalEndpoint): string | undefined {
  if (!range) return undefined
  return range.min === range.max ? String(range.min) : `[${range.min}-${range.max}]`
}

function outPorts({ roles }: ServiceDefinition, group: string): readonly Markup[] {
  return roles.flatMap((role) =>
    role.internalEndpoints.map(({ name, protocol }) =>
      xml(
        'outPort',
        { name: `${role.name}:${name}`, protocol },
        xml('outToChannel', {}, xml('sFSwitchChannelMoniker', { name: `${group}/SW:${role.name}:${name}` })),
      ),
    ),
  )
}

/** A role sees its own endpoints and the internal ones of the others. */
function visibleEndpoints(role: RoleDefinition, { roles }: ServiceDefinition): Markup {
  const endpoints = (other: RoleDefinition) =>
    other.name === role.name
      ? [...other.inputEndpoints, ...other.internalEndpoints, ...other.instanceInputEndpoints]
      : other.internalEndpoints
  return xml(
    'm',
    { role: role.name, xmlns: 'urn:azure:m:v1' },
    roles.map((other) =>
      xml(
        'r',
        { name: other.name },
        endpoints(other).map(({ name }) => xml('e', { name })),
      ),
    ),
  )
}

function resources(role: RoleDefinition): readonly Markup[] {
  const resource = (name: string, sizeInMB: number, sticky: boolean, kind: string) =>
    xml('resourceReference', {
      name,
      defaultAmount: `[${sizeInMB},${sizeInMB},${sizeInMB}]`,
      defaultSticky: sticky,
      kind,
    })
  return [
    ...role.localResources.map(({ name, sizeInMB, cleanOnRoleRecycle }) =>
      resource(name, sizeInMB, !cleanOnRoleRecycle, 'Directory'),
    ),
    resource('EventStore', 1000, false, 'LogStore'),
  ]
}

function certificates(role: RoleDefinition, group: string): readonly Markup[] {
  const stored = role.certificates.map(({ name, storeName, storeLocation }, index) =>
    xml(
      'storedCertificate',
      {
        name: storedName(index, name),
        certificateStore: storeName,
        certificateLocation: storeLocation === 'LocalMachine' ? 'System' : 'User',
      },
      xml('certificate', {}, xml('certificateMoniker', { name: `${group}/${role.name}/${name}` })),
    ),
  )
  return [
    xml('storedcertificates', {}, stored),
    xml(
      'certificates',
      {},
      role.certificates.map(({ name }) => xml('certificate', { name })),
    ),
  ]
}
