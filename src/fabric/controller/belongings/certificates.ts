import { type Fault, refused } from '../../../kernel/fault.ts'
import type { ServiceConfiguration } from '../../../service-model/configuration.ts'
import { readConfiguration } from '../../../service-model/read-configuration.ts'
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

/** Why a deployment of the cloud service cannot have this configuration: it names a certificate that nobody uploaded (D-3, E-1). */
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

/** The deployment of the cloud service whose configuration names the certificate: any version of it, and one that is on its way (K-3). */
export function userOf(state: FabricState, service: string, thumbprint: string): DeploymentRecord | undefined {
  return deploymentsOf(state, service).find((deployment) =>
    configurationsOf(deployment).some((configuration) => thumbprintsOf(configuration).includes(thumbprint)),
  )
}

/** Thumbprints that a configuration names, each once. */
function thumbprintsOf({ roles }: ServiceConfiguration): readonly string[] {
  return [...new Set(roles.flatMap(({ certificates }) => certificates.map(({ thumbprint }) => thumbprint)))]
}

function configurationsOf({ versions, request, upgrading }: DeploymentRecord): readonly ServiceConfiguration[] {
  const coming = [request, upgrading].flatMap((asked) => (asked && readConfiguration(asked.configuration).value) ?? [])
  return [...Object.values(versions).map(({ configuration }) => configuration), ...coming]
}
