import type { Element } from '../../kernel/xml.ts'
import { parseXml, xml } from '../../kernel/xml.ts'
import type { RoleKind } from '../../service-model/definition.ts'
import { decimal, oneOf, requiredAttribute, requiredChild, writeDocument } from './document.ts'
import {
  applicationSettings,
  hostingEnvironmentSettings,
  readApplicationSettings,
  readResourceReferences,
  readStoredCertificates,
  resourceReferences,
  storedCertificatesElement,
} from './elements/environment.ts'
import { deploymentElement, incarnationElement, roleElement } from './elements/identity.ts'
import { instances, outputEndpoints, readInstances } from './elements/topology.ts'
import type { GuestConfiguration } from './guest-configuration.ts'

const kinds: readonly RoleKind[] = ['WebRole', 'WorkerRole']

/** Hosting environment and topology in one document, which the guest keeps under its ConfigName (wire-server.md 6.4). */
export function writeFullConfig(configuration: GuestConfiguration): string {
  const { goalStateIncarnation, specification } = configuration
  return writeDocument(
    xml('RDConfig', { version: '1.0.0.0', goalStateIncarnation }, [
      storedCertificatesElement(specification),
      deploymentElement(specification, true),
      incarnationElement(specification),
      roleElement(specification, roleFacts(configuration)),
      hostingEnvironmentSettings(),
      applicationSettings(specification),
      resourceReferences(specification),
      outputEndpoints(specification),
      instances(specification),
    ]),
  )
}

/** `kind`, `size`, `disk` and all from `softwareSha256` on are Reddog's own attributes; memory and disk are in MB. */
function roleFacts({ specification, software, softwareSha256, root, next, keepFormerRoot }: GuestConfiguration) {
  const { size, roleKind } = specification
  return {
    hostingEnvironmentVersion: 0,
    software,
    softwareType: 'ApplicationPackage',
    entryPoint: '',
    parameters: '',
    settleTimeSeconds: 0,
    hostingEnvironment: 'full',
    cpu: size.cores,
    memory: size.memoryMB,
    bandwidth: 0,
    isManagementRole: false,
    kind: roleKind,
    size: size.id,
    disk: size.diskMB,
    softwareSha256,
    softwareRoot: root,
    keepFormerRoot,
    nextSoftware: next?.software,
    nextSoftwareSha256: next?.softwareSha256,
  }
}

/** Reads back everything that `writeFullConfig` was given. Throws XmlError when something is missing. */
export function readFullConfig(source: string): GuestConfiguration {
  const root = parseXml(source)
  const deployment = requiredChild(root, 'Deployment')
  const incarnation = requiredChild(root, 'Incarnation')
  const role = requiredChild(root, 'Role')
  const { upgradeDomainCount, topology } = readInstances(root)
  return {
    goalStateIncarnation: decimal(requiredAttribute(root, 'goalStateIncarnation'), root),
    software: requiredAttribute(role, 'software'),
    softwareSha256: requiredAttribute(role, 'softwareSha256'),
    root: decimal(requiredAttribute(role, 'softwareRoot'), role),
    next: readNext(role),
    keepFormerRoot: requiredAttribute(role, 'keepFormerRoot') === 'true',
    specification: {
      deploymentId: requiredAttribute(deployment, 'name'),
      serviceName: requiredAttribute(requiredChild(deployment, 'Service'), 'name'),
      role: requiredAttribute(role, 'name'),
      roleKind: oneOf(kinds, requiredAttribute(role, 'kind'), role),
      instance: requiredAttribute(incarnation, 'instance'),
      deploymentIncarnation: decimal(requiredAttribute(deployment, 'incarnation'), deployment),
      placement: decimal(requiredAttribute(incarnation, 'number'), incarnation),
      settings: readApplicationSettings(root),
      localResources: readResourceReferences(root),
      storedCertificates: readStoredCertificates(root),
      size: readSize(role),
      upgradeDomainCount,
      blast: requiredAttribute(deployment, 'isNonCancellableTopologyChangeEnabled') === 'true',
      vip: requiredAttribute(deployment, 'virtualAddress'),
      topology,
    },
  }
}

function readNext(role: Element): GuestConfiguration['next'] {
  const software = role.attributes['nextSoftware']
  if (software === undefined) return undefined
  return { software, softwareSha256: requiredAttribute(role, 'nextSoftwareSha256') }
}

function readSize(role: Element) {
  return {
    id: requiredAttribute(role, 'size'),
    cores: Number(requiredAttribute(role, 'cpu')),
    memoryMB: decimal(requiredAttribute(role, 'memory'), role),
    diskMB: decimal(requiredAttribute(role, 'disk'), role),
  }
}
