import forge from 'node-forge'

/** What the library's message can do; its types have another recipient than it takes. */
interface Enveloped {
  findRecipient(certificate: forge.pki.Certificate): unknown
  decrypt(recipient: unknown, key: forge.pki.PrivateKey): void
  readonly content: forge.util.ByteStringBuffer | null
}

/**
 * The content of a CMS EnvelopedData, in Base64: key transport RSA PKCS #1 v1.5, content in 3DES or AES, CBC. Throws a sentence when it is not
 * one, or is for another certificate.
 */
export function openEnvelope(envelope: string, certificatePem: string, keyPem: string): Buffer {
  const message = forge.pkcs7.messageFromPem(
    `-----BEGIN PKCS7-----\n${envelope}\n-----END PKCS7-----\n`,
  ) as unknown as Enveloped
  const recipient = message.findRecipient(forge.pki.certificateFromPem(certificatePem))
  if (!recipient) throw new Error('It is for another certificate.')
  message.decrypt(recipient, forge.pki.privateKeyFromPem(keyPem))
  if (!message.content) throw new Error('It has no content.')
  return Buffer.from(message.content.getBytes(), 'binary')
}
