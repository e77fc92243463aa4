import { canonicalBase64 } from '../../front-end/contract/base64.ts'
import { certificateFile, serviceCertificatesDocument } from '../../front-end/contract/wire/service-certificates.ts'
import type { Api } from './api.ts'
import { read } from './asking.ts'

/** Operations on the certificates of a cloud service. Those that change something answer the request ID (O-1). */
export interface Certificates {
  certificates(service: string): Promise<readonly ServiceCertificate[]>
  addCertificate(service: string, file: CertificateFile): Promise<string>
  /** `thumbprint`: SHA-1, in hexadecimal digits of any case (K-3). */
  deleteCertificate(service: string, thumbprint: string): Promise<string>
}

export interface ServiceCertificate {
  /** 40 hexadecimal digits, upper case. */
  readonly thumbprint: string
  /** DER in Base64. */
  readonly data: string
}

export interface CertificateFile {
  readonly bytes: Uint8Array
  readonly format: 'pfx' | 'cer'
  /** '' when the file has none. */
  readonly password: string
}

export function openCertificates(api: Api): Certificates {
  return {
    certificates: async (service) =>
      read(await api.send('ListServiceCertificates', { service }), serviceCertificatesDocument),
    async addCertificate(service, { bytes, format, password }) {
      const body = certificateFile.write({
        data: canonicalBase64(bytes),
        format,
        password,
      })
      return (await api.send('AddServiceCertificate', { service }, { body })).requestId
    },
    deleteCertificate: async (service, thumbprint) =>
      (await api.send('DeleteServiceCertificate', { service, certificate: `sha1-${thumbprint}` })).requestId,
  }
}
