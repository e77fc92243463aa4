import type { Certificate } from '../../../host/contract/goal.ts'
import { type Fault, refused } from '../../../kernel/fault.ts'
import type { ServiceConfiguration } from '../../../service-model/configuration.ts'
import type { RoleDefinition } from '../../../service-model/definition.ts'
import { readConfiguration } from '../../../service-model/read-configuration.ts'
import { purposeOfKey } from '../../contract/service-certificate.ts'
import { deploymentsOf } from '../state/find.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { CertificateRecord } from '../state/records.ts'
import type { FabricState } from '../state/state.ts'

/** Key of a certificate in its table. */
export function certificateKey(service: string, thumbprint: string): string {
  return `${service}/${thumbprint}`
}

/** Certificates of a cloud service, by its key, oldest first. */
export function certificatesOf(state: FabricState, service: string): readonly CertificateRecord[] {
  return [...state.stored.certificate.values()]
    .filter((certificate) => certificate.service === service)
    .sort((a, b) => a.createdAt - b.createdAt || (a.thumbprint < b.thumbprint ? -1 : 1))
}

/** Thumbprints, in upper case, that a configuration of the cloud service may name (D-3). */
export function uploadedThumbprints(state: FabricState, service: string): ReadonlySet<string> {
  return new Set(certificatesOf(state, service).map(({ thumbprint }) => thumbprint))
}

/** Why a deployment of the cloud service cannot have this configuration: it names a certificate that was not uploaded (D-3, E-1). */
export function absentCertificate(
  state: FabricState,
  service: string,
  configuration: ServiceConfiguration,
): Fault | undefined {
  const uploaded = uploadedThumbprints(state, service)
  const absent = thumbprintsOf(configuration).find((thumbprint) => !uploaded.has(thumbprint))
  return absent === undefined
    ? undefined
    : refused('BadRequest', `The certificate with thumbprint ${absent} was not found.`).fault
}

/** The deployment of the cloud service whose configuration names the certificate: in any version, also one that an update is bringing (K-3). */
export function userOf(state: FabricState, service: string, thumbprint: string): DeploymentRecord | undefined {
  return deploymentsOf(state, service).find((deployment) =>
    configurationsOf(deployment).some((configuration) => thumbprintsOf(configuration).includes(thumbprint)),
  )
}

/**
 * The certificates of the cloud service that the guests of a role get: those that the role declares, at the thumbprints of the configuration. Their
 * keys come sealed, as in the store, and with them come the certificates uploaded to vouch for them.
 */
export function certificatesFor(
  state: FabricState,
  service: string,
  { name: role, certificates: declared }: RoleDefinition,
  { roles }: ServiceConfiguration,
): readonly Certificate[] {
  const find = (thumbprint: string) => state.stored.certificate.get(certificateKey(service, thumbprint)) ?? []
  const named = (roles.find(({ name }) => name === role)?.certificates ?? [])
    .filter(({ name }) => declared.some((one) => one.name === name))
    .flatMap(({ thumbprint }) => find(thumbprint))
  const all = [...named, ...named.flatMap(({ chain = [] }) => chain.flatMap(find))]
  const each = all.filter(({ thumbprint }, at) => all.findIndex((one) => one.thumbprint === thumbprint) === at)
  return each.map(({ thumbprint, data, sealedKey: sealed }) => ({
    thumbprint,
    data,
    ...(sealed !== undefined && { key: { sealed, purpose: purposeOfKey(service, thumbprint) } }),
  }))
}

/** Thumbprints that a configuration names, each once. */
function thumbprintsOf({ roles }: ServiceConfiguration): readonly string[] {
  return [...new Set(roles.flatMap(({ certificates }) => certificates.map(({ thumbprint }) => thumbprint)))]
}

function configurationsOf({ versions, request, upgrading }: DeploymentRecord): readonly ServiceConfiguration[] {
  const coming = [request, upgrading].flatMap((asked) => (asked && readConfiguration(asked.configuration).value) ?? [])
  return [...Object.values(versions).map(({ configuration }) => configuration), ...coming]
}
