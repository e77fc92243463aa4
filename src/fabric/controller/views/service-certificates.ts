import type { ServiceCertificate } from '../../contract/service-certificate.ts'
import type { Views } from '../../contract/views.ts'
import { certificatesOf } from '../belongings/certificates.ts'
import { findService } from '../state/find.ts'
import type { FabricState } from '../state/state.ts'

/** K-2: never the key, sealed or not. */
export function serviceCertificatesView(
  state: FabricState,
  { subscriptionId, service }: Views['serviceCertificates']['ask'],
): readonly ServiceCertificate[] | null {
  const found = findService(state, subscriptionId, service)
  if (!found.ok) return null
  return certificatesOf(state, found.value.name.toLowerCase()).map(({ thumbprint, data }) => ({ thumbprint, data }))
}
