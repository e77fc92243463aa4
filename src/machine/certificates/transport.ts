import forge from 'node-forge'
import { selfSignedCertificate } from './authority.ts'
import { parseCertificate } from './certificate.ts'
import { type CertificateWithKey, certificatesIn } from './pfx.ts'

/** A guest's own key, to which the host agent encrypts certificates (wire-server.md 8). */
export interface Transport {
  /** DER in Base64, on one line. */
  readonly certificate: string
  /** The certificates in an envelope: Base64 of a DER CMS EnvelopedData around a PFX without password. Throws a sentence when it is none, or for another key. */
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

/** What the library's message can do; its types have another recipient than it takes. */
interface Enveloped {
  findRecipient(certificate: forge.pki.Certificate): unknown
  decrypt(recipient: unknown, key: forge.pki.PrivateKey): void
  readonly content: forge.util.ByteStringBuffer
}

function contentOf(envelope: string, certificatePem: string, keyPem: string): Buffer {
  try {
    const message = forge.pkcs7.messageFromPem(
      `-----BEGIN PKCS7-----\n${envelope}\n-----END PKCS7-----\n`,
    ) as unknown as Enveloped
    const recipient = message.findRecipient(forge.pki.certificateFromPem(certificatePem))
    message.decrypt(recipient, forge.pki.privateKeyFromPem(keyPem))
    return Buffer.from(message.content.getBytes(), 'binary')
  } catch (cause) {
    throw new Error(`The certificates of the host agent cannot be opened: ${(cause as Error).message}`, { cause })
  }
}
