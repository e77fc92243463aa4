import { group, optionalGroup, saidElement } from '../../kernel/document/parts.ts'
import { record } from '../../kernel/document/record.ts'
import { count, oneOf, scalar, text } from '../../kernel/document/scalars.ts'
import { mapped, optional } from '../../kernel/document/tag.ts'
import { xml } from '../../kernel/xml.ts'
import { readDocument, schema, writeDocument } from './document.ts'
import { protocolVersion } from './versions.ts'

/** The goal state document (wire-server.md 5). */
export interface GoalState {
  readonly incarnation: number
  readonly machine: Expected
  readonly stopRolesDeadlineHintMs: number
  readonly probePort: number
  /** Program of the guest agent to run, and its incarnation (wire-server.md 14.4). */
  readonly agentPackage?: { readonly path: string; readonly incarnation: string } | undefined
  readonly containerId: string
  /** Undefined while the container is being set up. */
  readonly roleInstance?: GoalRoleInstance | undefined
}

type Expected = 'Started' | 'Stopped'

export interface GoalRoleInstance {
  /** `<deployment ID>.<instance ID>` */
  readonly instanceId: string
  readonly state: Expected
  /** URLs, absolute, built from the request's Host header. */
  readonly hostingEnvironmentConfig: string
  readonly sharedConfig: string
  readonly extensionsConfig: string
  readonly fullConfig: string
  readonly certificates?: string | undefined
  readonly configName: string
}

/** TCP port on which guest agents answer probes, as on the original (wire-server.md 5). */
export const defaultProbePort = 16001

const expectedStates: readonly Expected[] = ['Started', 'Stopped']

const roleInstance = record('RoleInstance', {
  instanceId: text('InstanceId'),
  state: oneOf('State', expectedStates),
  configuration: group('Configuration', {
    hostingEnvironmentConfig: text('HostingEnvironmentConfig'),
    sharedConfig: text('SharedConfig'),
    extensionsConfig: text('ExtensionsConfig'),
    fullConfig: text('FullConfig'),
    certificates: optional(text('Certificates')),
    configName: text('ConfigName'),
  }),
})

/** Element order is part of the protocol (H-34). */
const flat = record(
  'GoalState',
  {
    version: saidElement(xml('Version', {}, protocolVersion)),
    incarnation: count('Incarnation'),
    machineElement: group('Machine', {
      machine: oneOf('ExpectedState', expectedStates),
      stopRolesDeadlineHintMs: count('StopRolesDeadlineHint'),
      probePorts: group('LBProbePorts', { probePort: count('Port') }),
      expectHealthReport: saidElement(xml('ExpectHealthReport', {}, 'TRUE')),
      // Guest and host share a machine, so the package comes by its path (wire-server.md 5).
      packagePath: optional(scalar('Package', fileUrl, pathIn, 'a file URL', ['/opt/100% mine#1/agent.mjs'])),
      packageIncarnation: optional(text('PackageIncarnation')),
    }),
    container: group('Container', {
      containerId: text('ContainerId'),
      roleInstances: optionalGroup('RoleInstanceList', { roleInstance: optional(roleInstance) }),
    }),
  },
  schema('goalstate10.xsd'),
)

export const goalStateTag = mapped(
  flat,
  ({ agentPackage, ...goal }: GoalState) => ({
    ...goal,
    packagePath: agentPackage?.path,
    packageIncarnation: agentPackage?.incarnation,
  }),
  ({ packagePath: path, packageIncarnation: incarnation, ...goal }) => ({
    ...goal,
    agentPackage: path === undefined || incarnation === undefined ? undefined : { path, incarnation },
  }),
)

export function writeGoalState(goal: GoalState): string {
  return writeDocument(goalStateTag, goal)
}

/** Throws XmlError when the document is not a goal state of this server. */
export function readGoalState(source: string): GoalState {
  return readDocument(goalStateTag, source)
}

function fileUrl(path: string): string {
  return `file://${path.split('/').map(encodeURIComponent).join('/')}`
}

function pathIn(url: string): string | undefined {
  try {
    return decodeURIComponent(url.replace(/^file:\/\//, ''))
  } catch {
    return undefined
  }
}
