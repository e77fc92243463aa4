import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import forge from 'node-forge'
import { fine, type Result, refused } from '../../kernel/fault.ts'
import { TooManyRounds, withRounds } from './limited-rounds.ts'

/** A certificate of a user's file, with its private key if the file has that. */
export interface CertificateWithKey {
  readonly der: Buffer
  /** PKCS#8. */
  readonly key?: Buffer | undefined
}

/** Most rounds of key derivation that are carried out for a file: ten times what current tools write; a file may not hold up the front end. */
const roundsLimit = 1_000_000

/** Most certificates and keys of a file: each certificate is tried with each key. A chain has some five. */
const bagLimit = 100

/**
 * Every certificate of a PKCS#12 file, in both envelopes that are in use: 3DES or RC2 with SHA-1, and AES with SHA-256 (K-1).
 * Keys may be RSA or of an elliptic curve. `BadRequest` when the password is wrong, the file unreadable, or no key in it.
 */
export function readPfx(file: Uint8Array, password: string): Result<readonly CertificateWithKey[]> {
  const found = certificatesIn(file, password)
  if (!found.ok || found.value.some(({ key }) => key)) return found
  return refused(
    'BadRequest',
    'The PFX file holds no certificate with its private key. Export it with the private key.',
  )
}

/** The same for a file in which there need be no key. */
export function certificatesIn(file: Uint8Array, password: string): Result<readonly CertificateWithKey[]> {
  try {
    const source = forge.asn1.fromDer(Buffer.from(file).toString('binary'))
    const { safeContents } = withRounds(roundsLimit, () => decrypted(source, password))
    const bags = safeContents.flatMap(({ safeBags }) => safeBags)
    if (bags.length > bagLimit)
      return refused(
        'BadRequest',
        `The PFX file holds ${bags.length} certificates and keys, of which ${bagLimit} are read. Send fewer.`,
      )
    return fine(pairs(bags))
  } catch (error) {
    if (error instanceof TooManyRounds)
      return refused(
        'BadRequest',
        `The PFX file asks for more than ${roundsLimit} rounds of key derivation. Use fewer.`,
      )
    return /password|decrypt/i.test((error as Error).message)
      ? refused('BadRequest', 'The PFX file cannot be opened with the given password. Check the password.')
      : refused('BadRequest', 'The data is not a readable PFX file. Send a PKCS#12 file as Base64.')
  }
}

function pairs(bags: readonly forge.pkcs12.Bag[]): readonly CertificateWithKey[] {
  const keys = bags.flatMap((bag) => (isKey(bag) ? (keyOf(bag) ?? []) : []))
  const certificates = bags.flatMap((bag) => certificateOf(bag) ?? [])
  return certificates.map((certificate) => {
    const key = keys.find((candidate) => certificate.checkPrivateKey(candidate))
    return { der: certificate.raw, key: key?.export({ type: 'pkcs8', format: 'der' }) }
  })
}

/**
 * Programs that write such files differ in two ways. "No password" may be an empty string, or zero bytes, which the library calls
 * undefined. A password beyond ASCII is UTF-16 for the MAC and the old envelopes, and UTF-8 for the new ones, where the library
 * wants bytes: the first attempt has then checked the MAC.
 */
function decrypted(source: forge.asn1.Asn1, password: string): forge.pkcs12.Pkcs12Pfx {
  try {
    return forge.pkcs12.pkcs12FromAsn1(source, password)
  } catch (error) {
    try {
      if (password === '') return forge.pkcs12.pkcs12FromAsn1(source, undefined as unknown as string)
      if (isAscii(password)) throw error
      return forge.pkcs12.pkcs12FromAsn1(withoutMac(source), forge.util.encodeUtf8(password))
    } catch {
      throw error
    }
  }
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length
}

function withoutMac({ value }: forge.asn1.Asn1): forge.asn1.Asn1 {
  const { UNIVERSAL } = forge.asn1.Class
  return forge.asn1.create(UNIVERSAL, forge.asn1.Type.SEQUENCE, true, (value as forge.asn1.Asn1[]).slice(0, 2))
}

function isKey({ type }: forge.pkcs12.Bag): boolean {
  return type === forge.pki.oids['keyBag'] || type === forge.pki.oids['pkcs8ShroudedKeyBag']
}

/** The library knows RSA alone and leaves other keys as they stand in the file. */
function keyOf({ key, asn1 }: forge.pkcs12.Bag): KeyObject | undefined {
  const info = key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key)) : asn1
  try {
    return info && createPrivateKey({ key: bytesOf(info), format: 'der', type: 'pkcs8' })
  } catch {
    return undefined
  }
}

function certificateOf({ type, cert, asn1 }: forge.pkcs12.Bag): X509Certificate | undefined {
  if (type !== forge.pki.oids['certBag']) return undefined
  return new X509Certificate(bytesOf(cert ? forge.pki.certificateToAsn1(cert) : asn1))
}

function bytesOf(value: forge.asn1.Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(value).getBytes(), 'binary')
}
