import { createHash, X509Certificate } from 'node:crypto'

/** The platform's requirements on a certificate. */
export interface Certificate {
  readonly der: Buffer
  /** 40 upper-case hexadecimal digits: SHA-1 of the DER. */
  readonly thumbprint: string
  /** '' when the subject has none. */
  readonly commonName: string
  readonly notBefore: Date
  readonly notAfter: Date
}

/** SHA-1 of the DER, 40 upper-case hexadecimal digits. */
export function thumbprintOf(der: Uint8Array): string {
  return createHash('sha1').update(der).digest('hex').toUpperCase()
}

/** Reads a certificate from DER bytes or PEM text; undefined when it is none. */
export function parseCertificate(source: Uint8Array | string): Certificate | undefined {
  let read: X509Certificate
  try {
    read = new X509Certificate(source)
  } catch {
    return undefined
  }
  return {
    der: read.raw,
    thumbprint: thumbprintOf(read.raw),
    commonName: /^CN=(.*)$/m.exec(read.subject)?.[1] ?? '',
    notBefore: read.validFromDate,
    notAfter: read.validToDate,
  }
}

/** Base64 of the public key of a certificate (S-7); undefined when it is none. */
export function publicKeyOf(source: Uint8Array | string): string | undefined {
  try {
    const key = new X509Certificate(source).publicKey
    return key.export({ type: key.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'spki', format: 'der' }).toString('base64')
  } catch {
    return undefined
  }
}
