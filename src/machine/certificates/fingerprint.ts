import { createHash, X509Certificate } from 'node:crypto'

/** By what a certificate is known again. */
export interface CertificateMarks {
  /** SHA-256 of the DER, 64 lower-case hexadecimal digits. */
  readonly fingerprint: string
  /** Hexadecimal digits: by it the authority revokes. */
  readonly serial: string
  /** Not valid after it, in milliseconds. */
  readonly endsAt: number
}

/** SHA-256 of the DER of a certificate, 64 lower-case hexadecimal digits. */
export function fingerprintOf(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('hex')
}

/** Those of a certificate in PEM. Throws when it is none. */
export function certificateMarks(certificatePem: string): CertificateMarks {
  const { raw, serialNumber, validToDate } = new X509Certificate(certificatePem)
  return { fingerprint: fingerprintOf(raw), serial: serialNumber, endsAt: validToDate.getTime() }
}
