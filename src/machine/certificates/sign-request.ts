import { X509Certificate } from 'node:crypto'
import { fine, type Result } from '../../kernel/fault.ts'
import type { Instant } from '../../kernel/instant.ts'
import { type PartyCertificate, partyExtensions } from './authority.ts'
import { readCertificateRequest } from './certificate-request.ts'
import { type CertificateMarks, certificateMarks } from './fingerprint.ts'
import { certify, type KeyAndCertificate } from './key-and-certificate.ts'

/**
 * For so long certificates of machines are valid, in milliseconds: a fabric, or one machine of it, may be off for most of a year. They are renewed long
 * before (docs/decisions/several-machines.md).
 */
export const certificateLifeMs = 365 * 86_400_000

/** When a certificate of a machine was signed, by the clock of who signed it. It does not begin then. */
export function signedAtOf(ends: Date): Instant {
  return ends.getTime() - certificateLifeMs
}

export interface SignedRequest extends CertificateMarks {
  readonly certificatePem: string
  /** The key that it is for: SPKI in PEM. */
  readonly publicKey: string
}

/**
 * A certificate of the authority for the key of a request. All that it says is `wanted`: of the request only the key counts. It begins with the
 * authority, so that one which was signed by a clock that was ahead is good when that is set back. `BadRequest` as readCertificateRequest says.
 */
export function signRequest(
  authority: KeyAndCertificate,
  requestPem: string,
  wanted: PartyCertificate,
): Result<SignedRequest> {
  const read = readCertificateRequest(requestPem)
  if (!read.ok) return read
  const { commonName } = wanted
  const publicKey = read.value
  const notBefore = new X509Certificate(authority.certificatePem).validFromDate
  const notAfter = new Date(Date.now() + certificateLifeMs)
  const extensions = partyExtensions(wanted)
  const certificatePem = certify({ commonName, extensions, publicKey, notBefore, notAfter }, authority)
  return fine({ certificatePem, publicKey, ...certificateMarks(certificatePem) })
}
