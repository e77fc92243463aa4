import { selfSignedCertificate } from './authority.ts'
import { parseCertificate } from './certificate.ts'
import { openEnvelope } from './envelope.ts'
import { type CertificateWithKey, certificatesIn } from './pfx.ts'

/** A guest's own key, to which the host agent encrypts certificates (wire-server.md 8). */
export interface Transport {
  /** DER in Base64, on one line. */
  readonly certificate: string
  /**
   * The certificates in an envelope: Base64 of a DER CMS EnvelopedData around a PFX without password. Throws a sentence when it is not one, or is for
   * another key.
   */
  open(envelope: string): readonly CertificateWithKey[]
}

/** Makes a transport key: it is never written anywhere. Takes some 100 ms. */
export function openTransport(commonName: string): Transport {
  const { certificatePem, keyPem } = selfSignedCertificate(commonName)
  return {
    certificate: parseCertificate(certificatePem)?.der.toString('base64') ?? '',
    open(envelope) {
      const opened = certificatesIn(contentOf(envelope, certificatePem, keyPem), '')
      if (!opened.ok) throw new Error(opened.fault.message)
      return opened.value
    },
  }
}

function contentOf(envelope: string, certificatePem: string, keyPem: string): Buffer {
  try {
    return openEnvelope(envelope, certificatePem, keyPem)
  } catch (cause) {
    throw new Error(`The certificates of the host agent cannot be opened: ${(cause as Error).message}`, { cause })
  }
}
