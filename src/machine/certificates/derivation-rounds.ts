import forge from 'node-forge'

const { SEQUENCE, OCTETSTRING, INTEGER } = forge.asn1.Type

/**
 * Most rounds of key derivation that a PKCS#12 file demands before it is decrypted. In the MAC and in every algorithm based on a
 * password they are a whole number right after a salt (RFC 7292, RFC 8018); both may lie in nested data.
 */
export function derivationRounds(value: forge.asn1.Asn1): number {
  if (typeof value.value === 'string') return value.type === OCTETSTRING ? derivationRounds(nested(value.value)) : 0
  const parts = value.value
  const here = parts.map((part, at) => (isSalt(parts[at - 1]) && part.type === INTEGER ? numberOf(part) : 0))
  return Math.max(0, ...here, ...parts.map(derivationRounds))
}

function isSalt(part: forge.asn1.Asn1 | undefined): boolean {
  return part?.type === OCTETSTRING && typeof part.value === 'string'
}

function numberOf({ value }: forge.asn1.Asn1): number {
  return typeof value === 'string' ? Number.parseInt(forge.util.bytesToHex(value) || '0', 16) : 0
}

/** The content of an octet string; nothing when it is not DER. */
function nested(bytes: string): forge.asn1.Asn1 {
  try {
    return forge.asn1.fromDer(bytes)
  } catch {
    return forge.asn1.create(forge.asn1.Class.UNIVERSAL, SEQUENCE, true, [])
  }
}
