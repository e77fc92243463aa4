import { isIP } from 'node:net'
import { type Extension, type KeyAndCertificate, makeCertificate } from './key-and-certificate.ts'

/** What a certificate of the fabric may do: dial, serve, or both. A host's certificate only dials, so no host can pass for the controller. */
export type CertificateUsage = 'client' | 'server' | 'both'

/** The fabric's own certificate authority: it signs for every party of the fabric and for nobody else (design.md 8). */
export function makeAuthority(name: string): KeyAndCertificate {
  return makeCertificate(name, [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ])
}

/** Whom a certificate of the authority names, and what for. */
export interface PartyCertificate {
  /** Names the party (fabric/contract/paths.ts). */
  readonly commonName: string
  readonly usage: CertificateUsage
  /** DNS names and IP addresses at which a server is reached; a server needs them. */
  readonly hosts?: readonly string[]
}

/** A certificate of the authority, with its key. */
export function issueCertificate(authority: KeyAndCertificate, wanted: PartyCertificate): KeyAndCertificate {
  return makeCertificate(wanted.commonName, partyExtensions(wanted), authority)
}

/** What the certificate of a party says of it. */
export function partyExtensions({ usage, hosts = [] }: PartyCertificate): readonly Extension[] {
  return [
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', clientAuth: usage !== 'server', serverAuth: usage !== 'client' },
    ...(hosts.length === 0 ? [] : [{ name: 'subjectAltName', altNames: hosts.map(alternativeName) }]),
  ]
}

/** A management certificate as the old tools made it: self-signed, good for identity alone. */
export function selfSignedCertificate(name: string): KeyAndCertificate {
  return makeCertificate(name, [
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', clientAuth: true },
  ])
}

/** Kinds of RFC 5280 4.2.1.6: 2 is a DNS name, 7 an IP address. */
function alternativeName(host: string) {
  return isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host }
}
