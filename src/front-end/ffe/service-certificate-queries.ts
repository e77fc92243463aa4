import type { ServiceCertificate } from '../../fabric/contract/service-certificate.ts'
import type { Result } from '../../kernel/fault.ts'
import { refusals, required } from '../contract/errors.ts'
import { serviceCertificateDocument, serviceCertificatesDocument } from '../contract/wire/service-certificates.ts'
import { type Call, serviceOf } from './call.ts'
import { type Query, reply, type Sources } from './query.ts'
import { thumbprintIn } from './service-certificate-commands.ts'
import { existingService } from './service-queries.ts'

/** K-2; addresses name the service in its own spelling. */
export const listServiceCertificates: Query = async (call, sources) => {
  const service = await existingService(call, sources)
  if (!service.ok) return service
  const found = await certificatesOf(call, sources)
  if (!found.ok) return found
  const root = `${call.base}/${call.subscriptionId}/services/hostedservices/${service.value.name}/certificates`
  return reply(
    serviceCertificatesDocument,
    found.value.map(({ thumbprint, data }) => ({
      url: `${root}/sha1-${thumbprint}`,
      thumbprint,
      thumbprintAlgorithm: 'sha1',
      data,
    })),
  )
}

/** K-3. */
export const getServiceCertificate: Query = async (call, sources) => {
  const found = await certificatesOf(call, sources)
  if (!found.ok) return found
  const asked = thumbprintIn(call)
  const certificate = found.value.find(({ thumbprint }) => thumbprint === asked)
  if (!certificate)
    return refusals.missing(`The certificate ${call.params['certificate']} was not found. Name it sha1-<thumbprint>.`)
  return reply(serviceCertificateDocument, { data: certificate.data })
}

async function certificatesOf(call: Call, { fabric }: Sources): Promise<Result<readonly ServiceCertificate[]>> {
  const { subscriptionId } = call
  const found = await fabric.view('serviceCertificates', { subscriptionId, service: serviceOf(call) })
  return found.ok ? required(found.value, refusals.noService()) : found
}
