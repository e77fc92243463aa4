import { fine, type Result } from '../../kernel/fault.ts'
import { type PartyCertificate, partyExtensions } from './authority.ts'
import { readCertificateRequest } from './certificate-request.ts'
import { type CertificateMarks, certificateMarks } from './fingerprint.ts'
import { certify, type KeyAndCertificate } from './key-and-certificate.ts'

/** Certificates of machines are for so many days, and renewed before (docs/decisions/several-machines.md). */
const validDays = 30

export interface SignedRequest extends CertificateMarks {
  readonly certificatePem: string
  /** The key that it is for: SPKI in PEM. */
  readonly publicKey: string
}

/**
 * A certificate of the authority for the key of a request. All that it says is `wanted`: of the request only the key counts. `BadRequest` as
 * readCertificateRequest says.
 */
export function signRequest(
  authority: KeyAndCertificate,
  requestPem: string,
  wanted: PartyCertificate,
): Result<SignedRequest> {
  const read = readCertificateRequest(requestPem)
  if (!read.ok) return read
  const notAfter = new Date(Date.now() + validDays * 86_400_000)
  const { commonName } = wanted
  const publicKey = read.value
  const certificatePem = certify({ commonName, extensions: partyExtensions(wanted), publicKey, notAfter }, authority)
  return fine({ certificatePem, publicKey, ...certificateMarks(certificatePem) })
}
