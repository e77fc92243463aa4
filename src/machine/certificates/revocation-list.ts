import { sign } from 'node:crypto'
import forge from 'node-forge'
import type { KeyAndCertificate } from './key-and-certificate.ts'

const { INTEGER, NULL, OID, SEQUENCE, UTCTIME, BITSTRING } = forge.asn1.Type

/** `sha256WithRSAEncryption` (RFC 8017). */
const signatureAlgorithm = '1.2.840.113549.1.1.11'

/** A certificate that is worth nothing any more. */
export interface Revocation {
  /** Hexadecimal digits. */
  readonly serial: string
  readonly at: Date
}

/**
 * The certificates that an authority does not stand for any more, X.509 CRL in PEM (RFC 5280 5.1). It is to be renewed before `nextUpdate`. A list of
 * version 1: etcd looks at the serial numbers alone.
 */
export function revocationList(
  authority: KeyAndCertificate,
  revoked: readonly Revocation[],
  { thisUpdate, nextUpdate }: { readonly thisUpdate: Date; readonly nextUpdate: Date },
): string {
  const { subject } = forge.pki.certificateFromPem(authority.certificatePem)
  const entries = revoked.map(({ serial, at }) => sequence(integer(serial), time(at)))
  const list = sequence(
    algorithm(),
    forge.pki.distinguishedNameToAsn1(subject),
    time(thisUpdate),
    time(nextUpdate),
    ...(entries.length === 0 ? [] : [sequence(...entries)]),
  )
  const signature = sign('sha256', Buffer.from(forge.asn1.toDer(list).getBytes(), 'binary'), authority.keyPem)
  const whole = sequence(list, algorithm(), plain(BITSTRING, `\0${signature.toString('binary')}`))
  const lines = forge.util.encode64(forge.asn1.toDer(whole).getBytes(), 64).replaceAll('\r\n', '\n')
  return `-----BEGIN X509 CRL-----\n${lines}\n-----END X509 CRL-----\n`
}

function algorithm(): forge.asn1.Asn1 {
  return sequence(plain(OID, forge.asn1.oidToDer(signatureAlgorithm).getBytes()), plain(NULL, ''))
}

/** A serial number is positive: one whose first bit is set is written with a zero before it. */
function integer(hex: string): forge.asn1.Asn1 {
  const bytes = forge.util.hexToBytes(hex)
  return plain(INTEGER, bytes.charCodeAt(0) < 0x80 ? bytes : `\0${bytes}`)
}

function time(at: Date): forge.asn1.Asn1 {
  return plain(UTCTIME, forge.asn1.dateToUtcTime(at))
}

function sequence(...parts: readonly forge.asn1.Asn1[]): forge.asn1.Asn1 {
  return forge.asn1.create(forge.asn1.Class.UNIVERSAL, SEQUENCE, true, [...parts])
}

function plain(type: forge.asn1.Type, bytes: string): forge.asn1.Asn1 {
  return forge.asn1.create(forge.asn1.Class.UNIVERSAL, type, false, bytes)
}
