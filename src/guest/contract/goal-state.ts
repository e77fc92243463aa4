import type { Element } from '../../kernel/xml.ts'
import { child, childText, parseXml, xml } from '../../kernel/xml.ts'
import { decimal, oneOf, requiredChild, requiredText, writeDocument } from './document.ts'
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

/** Element order is part of the protocol (H-34). */
export function writeGoalState(goal: GoalState): string {
  return writeDocument(
    xml('GoalState', schema('goalstate10.xsd'), [
      xml('Version', {}, protocolVersion),
      xml('Incarnation', {}, goal.incarnation),
      xml('Machine', {}, [
        xml('ExpectedState', {}, goal.machine),
        xml('StopRolesDeadlineHint', {}, goal.stopRolesDeadlineHintMs),
        xml('LBProbePorts', {}, xml('Port', {}, goal.probePort)),
        xml('ExpectHealthReport', {}, 'TRUE'),
        goal.agentPackage && xml('Package', {}, fileUrl(goal.agentPackage.path)),
        goal.agentPackage && xml('PackageIncarnation', {}, goal.agentPackage.incarnation),
      ]),
      xml('Container', {}, [
        xml('ContainerId', {}, goal.containerId),
        goal.roleInstance && xml('RoleInstanceList', {}, roleInstance(goal.roleInstance)),
      ]),
    ]),
  )
}

function roleInstance(instance: GoalRoleInstance) {
  return xml('RoleInstance', {}, [
    xml('InstanceId', {}, instance.instanceId),
    xml('State', {}, instance.state),
    xml('Configuration', {}, [
      xml('HostingEnvironmentConfig', {}, instance.hostingEnvironmentConfig),
      xml('SharedConfig', {}, instance.sharedConfig),
      xml('ExtensionsConfig', {}, instance.extensionsConfig),
      xml('FullConfig', {}, instance.fullConfig),
      instance.certificates && xml('Certificates', {}, instance.certificates),
      xml('ConfigName', {}, instance.configName),
    ]),
  ])
}

/** Root attributes of the documents that name a schema. */
export function schema(file: string): Readonly<Record<string, string>> {
  return { 'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance', 'xsi:noNamespaceSchemaLocation': file }
}

/** Throws XmlError when the document is not a goal state of this server. */
export function readGoalState(source: string): GoalState {
  const root = parseXml(source)
  const machine = requiredChild(root, 'Machine')
  const container = requiredChild(root, 'Container')
  const url = childText(machine, 'Package')
  const instance = child(child(container, 'RoleInstanceList'), 'RoleInstance')
  return {
    incarnation: decimal(requiredText(root, 'Incarnation'), root),
    machine: oneOf(expectedStates, requiredText(machine, 'ExpectedState'), machine),
    stopRolesDeadlineHintMs: decimal(requiredText(machine, 'StopRolesDeadlineHint'), machine),
    probePort: decimal(requiredText(requiredChild(machine, 'LBProbePorts'), 'Port'), machine),
    agentPackage:
      url === undefined ? undefined : { path: pathIn(url), incarnation: requiredText(machine, 'PackageIncarnation') },
    containerId: requiredText(container, 'ContainerId'),
    roleInstance: instance && readRoleInstance(instance),
  }
}

/** Guest and host share a machine, so the package comes by its path (wire-server.md 5). */
function fileUrl(path: string): string {
  return `file://${path.split('/').map(encodeURIComponent).join('/')}`
}

function pathIn(url: string): string {
  return decodeURIComponent(url.replace(/^file:\/\//, ''))
}

function readRoleInstance(instance: Element): GoalRoleInstance {
  const configuration = requiredChild(instance, 'Configuration')
  return {
    instanceId: requiredText(instance, 'InstanceId'),
    state: oneOf(expectedStates, requiredText(instance, 'State'), instance),
    hostingEnvironmentConfig: requiredText(configuration, 'HostingEnvironmentConfig'),
    sharedConfig: requiredText(configuration, 'SharedConfig'),
    extensionsConfig: requiredText(configuration, 'ExtensionsConfig'),
    fullConfig: requiredText(configuration, 'FullConfig'),
    certificates: childText(configuration, 'Certificates'),
    configName: requiredText(configuration, 'ConfigName'),
  }
}
