import { X509Certificate } from 'node:crypto'
import { exponent, isSoundRsaKey, keyBits } from '../certificates/rsa-limits.ts'

/** Content ciphers that a guest may ask for, with their object identifiers (wire-server.md 8). */
const ciphers: ReadonlyMap<string, string> = new Map([
  ['AES128_CBC', '2.16.840.1.101.3.4.1.2'],
  ['DES_EDE3_CBC', '1.2.840.113549.3.7'],
])

const defaultCipher = 'AES128_CBC'

export type Sealing = { readonly data: string } | { readonly refused: string }

/**
 * The role's certificates for this guest only: a CMS EnvelopedData around a PFX, as base64 of its DER. `transport` is the guest's
 * own certificate, DER in base64 on one line.
 */
export async function sealCertificates(
  pfx: Uint8Array,
  transport: string | undefined,
  cipher = defaultCipher,
): Promise<Sealing> {
  const algorithm = ciphers.get(cipher)
  if (algorithm === undefined)
    return { refused: `The cipher ${cipher} is not known. Send one of ${[...ciphers.keys()].join(', ')}.` }
  const pem = pemOf(transport)
  if (pem === undefined)
    return {
      refused: `The guest’s transport certificate is missing, or is no certificate in base64 of an RSA key of ${keyBits.least} to ${keyBits.most} bits and the exponent ${exponent}.`,
    }
  // Its library is large, and most hosts never need it.
  const { default: forge } = await import('node-forge')
  const envelope = forge.pkcs7.createEnvelopedData()
  envelope.addRecipient(forge.pki.certificateFromPem(pem))
  envelope.content = forge.util.createBuffer(Buffer.from(pfx).toString('binary'))
  envelope.encrypt(undefined, algorithm)
  return { data: forge.util.encode64(forge.asn1.toDer(envelope.toAsn1()).getBytes()) }
}

/** Only an RSA key can have something encrypted to it (wire-server.md 8). It is a guest's: the library reckons with it in this process, in JavaScript. */
function pemOf(transport: string | undefined): string | undefined {
  try {
    const certificate = new X509Certificate(Buffer.from(transport ?? '', 'base64'))
    return isSoundRsaKey(certificate.publicKey) ? certificate.toString() : undefined
  } catch {
    return undefined
  }
}
