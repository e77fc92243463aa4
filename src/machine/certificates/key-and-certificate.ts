import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import forge from 'node-forge'

/** A certificate and its private key, both in PEM. The key is written to files of mode 0600 only. */
export interface KeyAndCertificate {
  readonly certificatePem: string
  readonly keyPem: string
}

/** Bits of every RSA key that Reddog makes: the smallest that current TLS libraries and the old clients both accept. */
const rsaBits = 2048

/** How a new key is made. */
export const rsaKeyPair = {
  modulusLength: rsaBits,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
} as const

/** Certificates are made once, at first start, and live as long as the data directory. */
const validYears = 10

/** Clocks of the machines of one pool may differ by this much without a new certificate being refused as not yet valid. */
export const clockToleranceMs = 86_400_000

export type Extension = Parameters<forge.pki.Certificate['setExtensions']>[0][number]

/**
 * Makes a key and signs its certificate with `signer`, or with itself when there is none. Takes some 100 ms for the key.
 * Signature SHA-256, serial number random.
 */
export function makeCertificate(
  commonName: string,
  extensions: readonly Extension[],
  signer?: KeyAndCertificate,
): KeyAndCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', rsaKeyPair)
  const notAfter = new Date()
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + validYears)
  const certificatePem = certify(
    { commonName, extensions, publicKey, notAfter },
    signer ?? { certificatePem: undefined, keyPem: privateKey },
  )
  return { certificatePem, keyPem: privateKey }
}

/** What becomes a certificate. */
export interface Certified {
  readonly commonName: string
  readonly extensions: readonly Extension[]
  /** RSA, SPKI in PEM. */
  readonly publicKey: string
  /** Absent: a day ago, for other machines' clocks. */
  readonly notBefore?: Date | undefined
  readonly notAfter: Date
}

/** Signs a certificate, PEM, for a key that somebody else may have. Without a certificate of the signer it is signed by itself. */
export function certify(
  { commonName, extensions, publicKey, notBefore, notAfter }: Certified,
  signer: { readonly certificatePem: string | undefined; readonly keyPem: string },
): string {
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey)
  certificate.serialNumber = serialNumber()
  certificate.validity.notBefore = notBefore ?? new Date(Date.now() - clockToleranceMs)
  certificate.validity.notAfter = notAfter
  const issuer = signer.certificatePem === undefined ? certificate : forge.pki.certificateFromPem(signer.certificatePem)
  certificate.setSubject([{ name: 'commonName', value: commonName }])
  certificate.setIssuer(issuer.subject.attributes)
  certificate.setExtensions([
    ...extensions,
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes() },
  ])
  certificate.sign(
    signingKey(() => certificate.tbsCertificate, signer.keyPem),
    forge.md.sha256.create(),
  )
  return forge.pki.certificateToPem(certificate)
}

/**
 * The library asks its key for the signature of `signed`, SHA-256; its own arithmetic takes many times as long as the system's.
 */
export function signingKey(signed: () => forge.asn1.Asn1, keyPem: string): forge.pki.rsa.PrivateKey {
  const signature = () =>
    sign('sha256', Buffer.from(forge.asn1.toDer(signed()).getBytes(), 'binary'), keyPem).toString('binary')
  return { sign: signature } as unknown as forge.pki.rsa.PrivateKey
}

/** 16 random bytes whose first is between 1 and 127: a serial number is a positive integer, written without leading zero. */
function serialNumber(): string {
  const bytes = randomBytes(16)
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x01, 0)
  return bytes.toString('hex')
}
