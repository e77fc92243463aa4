import { createHmac, randomBytes } from 'node:crypto'
import forge from 'node-forge'
import type { KeyAndCertificate } from './key-and-certificate.ts'

/** Rounds of key derivation, as the old tools write them; the file has no password that more of them could protect. */
const iterations = 2000

const saltBytes = 8
const macKeyBytes = 20

const { asn1 } = forge
const { UNIVERSAL, CONTEXT_SPECIFIC } = asn1.Class
const { NONE, SEQUENCE, SET, OCTETSTRING, INTEGER, OID, NULL } = asn1.Type

/** A certificate for a file, in DER, with its private key if it has one: PKCS#8, in DER. */
export interface Entry {
  readonly der: Uint8Array
  readonly key?: Uint8Array | undefined
}

/**
 * A file with those certificates and keys, all under PBE-SHA1-3DES, with a SHA-1 MAC, all keys derived from zero password bytes:
 * what readers of `.publishsettings` know (S-8), and guest agents too (wire-server.md 8). The library writes certificates in
 * clear and knows RSA alone, so the file is put together here (RFC 7292).
 */
export function writePkcs12(entries: readonly Entry[]): Uint8Array {
  const numbered = entries.map((entry) => ({ ...entry, keyId: randomBytes(saltBytes) }))
  const certificateBags = numbered.map(({ der, key, keyId }) =>
    bag('certBag', sequence(oid('x509Certificate'), explicit(octets(binary(der)))), key && keyId),
  )
  const keyBags = numbered.flatMap(({ key, keyId }) =>
    key ? [bag('pkcs8ShroudedKeyBag', sealed(asn1.fromDer(binary(key))), keyId)] : [],
  )
  const parts = [encryptedContent(sequence(...certificateBags)), content(der(sequence(...keyBags)))]
  const safe = der(sequence(...(keyBags.length === 0 ? parts.slice(0, 1) : parts)))
  const file = sequence(integer(3), content(safe), mac(safe))
  return Buffer.from(der(file), 'binary')
}

/**
 * The key and certificate of a file without password: with keys from zero bytes, or, as some makers have it, from an empty string. Throws when it is
 * not such a file.
 */
export function readPkcs12(file: Uint8Array): KeyAndCertificate {
  const source = asn1.fromDer(Buffer.from(file).toString('binary'))
  let opened: forge.pkcs12.Pkcs12Pfx
  try {
    opened = forge.pkcs12.pkcs12FromAsn1(source, noPassword)
  } catch {
    opened = forge.pkcs12.pkcs12FromAsn1(source, '')
  }
  const bags = opened.safeContents.flatMap((contents) => contents.safeBags)
  const key = bags.find((candidate) => candidate.key)?.key
  const certificate = bags.find((candidate) => candidate.cert)?.cert
  if (!key || !certificate) throw new Error('the PKCS#12 file has no private key with its certificate')
  return { certificatePem: forge.pki.certificateToPem(certificate), keyPem: forge.pki.privateKeyToPem(key) }
}

/** The library takes null and undefined for zero password bytes; its types do not know it, and for null it would not seal. */
const noPassword = undefined as unknown as string

function sealed(secret: forge.asn1.Asn1): forge.asn1.Asn1 {
  const options = { algorithm: '3des', count: iterations, saltSize: saltBytes } as const
  return forge.pki.encryptPrivateKeyInfo(secret, noPassword, options)
}

/** `keyId`: names the key of a certificate and the certificate of a key. */
function bag(kind: string, value: forge.asn1.Asn1, keyId: Buffer | undefined): forge.asn1.Asn1 {
  if (!keyId) return sequence(oid(kind), explicit(value))
  const localKeyId = sequence(oid('localKeyId'), asn1.create(UNIVERSAL, SET, true, [octets(keyId.toString('binary'))]))
  return sequence(oid(kind), explicit(value), asn1.create(UNIVERSAL, SET, true, [localKeyId]))
}

function content(data: string): forge.asn1.Asn1 {
  return sequence(oid('data'), explicit(octets(data)))
}

function encryptedContent(contents: forge.asn1.Asn1): forge.asn1.Asn1 {
  const [algorithm, encrypted] = sealed(contents).value as [forge.asn1.Asn1, forge.asn1.Asn1]
  const data = asn1.create(CONTEXT_SPECIFIC, NONE, false, encrypted.value)
  return sequence(oid('encryptedData'), explicit(sequence(integer(0), sequence(oid('data'), algorithm, data))))
}

function mac(safe: string): forge.asn1.Asn1 {
  const salt = randomBytes(saltBytes).toString('binary')
  const key = forge.pkcs12.generateKey(noPassword, forge.util.createBuffer(salt), 3, iterations, macKeyBytes)
  const digest = createHmac('sha1', Buffer.from(key.getBytes(), 'binary')).update(safe, 'binary').digest('binary')
  const algorithm = sequence(oid('sha1'), asn1.create(UNIVERSAL, NULL, false, ''))
  return sequence(sequence(algorithm, octets(digest)), octets(salt), integer(iterations))
}

function sequence(...parts: forge.asn1.Asn1[]): forge.asn1.Asn1 {
  return asn1.create(UNIVERSAL, SEQUENCE, true, parts)
}

function explicit(part: forge.asn1.Asn1): forge.asn1.Asn1 {
  return asn1.create(CONTEXT_SPECIFIC, NONE, true, [part])
}

function octets(bytes: string): forge.asn1.Asn1 {
  return asn1.create(UNIVERSAL, OCTETSTRING, false, bytes)
}

function integer(value: number): forge.asn1.Asn1 {
  return asn1.create(UNIVERSAL, INTEGER, false, asn1.integerToDer(value).getBytes())
}

function oid(name: string): forge.asn1.Asn1 {
  return asn1.create(UNIVERSAL, OID, false, asn1.oidToDer(forge.pki.oids[name] as string).getBytes())
}

function binary(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('binary')
}

function der(value: forge.asn1.Asn1): string {
  return asn1.toDer(value).getBytes()
}
