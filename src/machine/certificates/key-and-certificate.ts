import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import forge from 'node-forge'

/** A certificate and its private key, both in PEM. The key is written to files of mode 0600 only. */
export interface KeyAndCertificate {
  readonly certificatePem: string
  readonly keyPem: string
}

/** Bits of every RSA key that Reddog makes: the smallest that current TLS libraries and the old clients both accept. */
const rsaBits = 2048

/** Certificates are made once, at first start, and live as long as the data directory. */
const validYears = 10

/** Clocks of the machines of one pool may differ by this much without a new certificate being refused as not yet valid. */
const clockToleranceMs = 86_400_000

type Extension = Parameters<forge.pki.Certificate['setExtensions']>[0][number]

/**
 * Makes a key and signs its certificate with `signer`, or with itself when there is none. Takes some 100 ms for the key.
 * Signature SHA-256, serial number random.
 */
export function makeCertificate(
  commonName: string,
  extensions: readonly Extension[],
  signer?: KeyAndCertificate,
): KeyAndCertificate {
  const keyPem = generateKeyPairSync('rsa', {
    modulusLength: rsaBits,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  const certificate = forge.pki.createCertificate()
  const subject = [{ name: 'commonName', value: commonName }]
  certificate.publicKey = forge.pki.publicKeyFromPem(keyPem.publicKey)
  certificate.serialNumber = serialNumber()
  certificate.validity.notBefore = new Date(Date.now() - clockToleranceMs)
  certificate.validity.notAfter = new Date()
  certificate.validity.notAfter.setUTCFullYear(certificate.validity.notAfter.getUTCFullYear() + validYears)
  const issuer = signer ? forge.pki.certificateFromPem(signer.certificatePem) : certificate
  certificate.setSubject(subject)
  certificate.setIssuer(issuer.subject.attributes)
  certificate.setExtensions([
    ...extensions,
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes() },
  ])
  certificate.sign(signingKey(certificate, signer?.keyPem ?? keyPem.privateKey), forge.md.sha256.create())
  return { certificatePem: forge.pki.certificateToPem(certificate), keyPem: keyPem.privateKey }
}

/** The library asks its key for the signature; its own arithmetic takes many times as long as the system's. */
function signingKey(
  certificate: ReturnType<typeof forge.pki.createCertificate>,
  keyPem: string,
): forge.pki.rsa.PrivateKey {
  const signature = () => {
    const signed = Buffer.from(forge.asn1.toDer(certificate.tbsCertificate).getBytes(), 'binary')
    return sign('sha256', signed, keyPem).toString('binary')
  }
  return { sign: signature } as unknown as forge.pki.rsa.PrivateKey
}

/** 16 random bytes whose first is between 1 and 127: a serial number is a positive integer, written without leading zero. */
function serialNumber(): string {
  const bytes = randomBytes(16)
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x01, 0)
  return bytes.toString('hex')
}
