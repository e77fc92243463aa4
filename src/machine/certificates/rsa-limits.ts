import type { KeyObject } from 'node:crypto'

/**
 * Sizes of RSA keys of others that are worked with, in bits: the smallest that is still thought safe (NIST SP 800-57), and the largest with which a
 * handshake is no burden.
 */
export const keyBits = { least: 2048, most: 4096 } as const

/** The exponent of every key that current tools make: another one may be weak, or take very long to reckon with. */
export const exponent = 65_537n

/** Whether a public key is of RSA and within these limits: reckoning with any other may take minutes. */
export function isSoundRsaKey({ asymmetricKeyType, asymmetricKeyDetails: details }: KeyObject): boolean {
  const bits = details?.modulusLength ?? 0
  return (
    asymmetricKeyType === 'rsa' && bits >= keyBits.least && bits <= keyBits.most && details?.publicExponent === exponent
  )
}
