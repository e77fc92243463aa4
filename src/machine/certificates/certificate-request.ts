import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import forge from 'node-forge'
import { fine, type Result, refused } from '../../kernel/fault.ts'
import { rsaKeyPair, signingKey } from './key-and-certificate.ts'
import { exponent, keyBits } from './rsa-limits.ts'

/** A request for a certificate (PKCS#10) and the private key that stays with who asks, both in PEM. */
export interface KeyAndRequest {
  readonly requestPem: string
  readonly keyPem: string
}

/** Longest request that is read: several times one with a key of 4096 bits. */
const requestLimit = 8_192

/** What a signature may be of: SHA-256, SHA-384 or SHA-512 with RSA (RFC 8017). */
const signatures: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
])

/** Makes a key and a request for it. The name in it is for people alone: who signs gives another. Takes some 100 ms. */
export function makeCertificateRequest(name: string): KeyAndRequest {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', rsaKeyPair)
  const request = forge.pki.createCertificationRequest()
  request.publicKey = forge.pki.publicKeyFromPem(publicKey)
  request.setSubject([{ name: 'commonName', value: name }])
  request.sign(
    signingKey(() => (request as unknown as Signed).certificationRequestInfo, privateKey),
    forge.md.sha256.create(),
  )
  return { requestPem: forge.pki.certificationRequestToPem(request), keyPem: privateKey }
}

/** What the types of the library leave out. */
interface Signed {
  readonly certificationRequestInfo: forge.asn1.Asn1
  readonly siginfo: { readonly algorithmOid: string }
}

/**
 * The public key of a request, SPKI in PEM: nothing else of it counts. `BadRequest` when the request cannot be read, its signature is not by its key,
 * or the key is weak.
 */
export function readCertificateRequest(requestPem: string): Result<string> {
  const read = requestPem.length > requestLimit ? undefined : parsed(requestPem)
  if (!read) return refused('BadRequest', 'It is no certificate request. Send PKCS#10 in PEM, with an RSA key.')
  const key = createPublicKey(forge.pki.publicKeyToPem(read.publicKey as forge.pki.rsa.PublicKey))
  const weakness = weaknessOf(key)
  if (weakness !== undefined) return refused('BadRequest', weakness)
  if (!isSigned(read))
    return refused('BadRequest', 'The certificate request is not signed by its own key with SHA-256 or better.')
  return fine(key.export({ type: 'spki', format: 'pem' }) as string)
}

function parsed(requestPem: string): forge.pki.CertificateSigningRequest | undefined {
  try {
    return forge.pki.certificationRequestFromPem(requestPem, false)
  } catch {
    return undefined
  }
}

function weaknessOf({ asymmetricKeyDetails: details }: KeyObject): string | undefined {
  const bits = details?.modulusLength ?? 0
  if (bits < keyBits.least || bits > keyBits.most)
    return `The key of the certificate request has ${bits} bits. Make an RSA key of ${keyBits.least} to ${keyBits.most} bits.`
  return details?.publicExponent === exponent ? undefined : `The key's exponent is not ${exponent}. Make another key.`
}

function isSigned(request: forge.pki.CertificateSigningRequest): boolean {
  try {
    return signatures.has((request as unknown as Signed).siginfo.algorithmOid) && request.verify()
  } catch {
    return false
  }
}
