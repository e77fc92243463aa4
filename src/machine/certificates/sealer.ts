import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'

/**
 * Seals secrets of users (private keys, private configurations) with the key of the fabric, so that store, logs and history
 * contain none in clear text (design.md 8). `purpose` names the use of a secret, such as `certificate shop/<THUMBPRINT>`: it
 * opens only for the same purpose, so nobody can replace one by another.
 */
export interface Sealer {
  /** Base64: version, nonce, tag, then the secret under AES-256-GCM. The same secret looks different each time. */
  seal(secret: Uint8Array, purpose: string): string
  /** Throws when it was sealed under another key or for another purpose, or was changed. */
  open(sealed: string, purpose: string): Buffer
  /** Bytes that nobody guesses without the key, the same each time for one purpose: HKDF-SHA256 (RFC 5869). */
  derive(purpose: string, sizeBytes: number): Buffer
}

const cipher = 'aes-256-gcm'
const keyBytes = 32

/** Nonce and tag as GCM recommends them (NIST SP 800-38D). */
const nonceBytes = 12
const tagBytes = 16

/** First byte of everything sealed, for the day when this format changes. */
const version = Buffer.of(1)

/** Text of a new key file: 32 random bytes as hexadecimal digits. */
export function newFabricKey(): string {
  return `${newSealingKey().toString('hex')}\n`
}

/** The sealer of the fabric whose key stands in the file (mode 0600). Throws a sentence when it is missing or no key. */
export function openSealer(keyFile: string): Sealer {
  const text = readFileSync(keyFile, 'utf8').trim()
  const key = Buffer.from(text, 'hex')
  if (key.length !== keyBytes || text.length !== 2 * keyBytes)
    throw new Error(`the fabric key file ${keyFile} does not hold ${2 * keyBytes} hexadecimal digits`)
  return sealerWith(key)
}

/** A new key for a sealer: 32 random bytes. */
export function newSealingKey(): Buffer {
  return randomBytes(keyBytes)
}

/** A sealer with that key. */
export function sealerWith(key: Uint8Array): Sealer {
  return {
    seal(secret, purpose) {
      const nonce = randomBytes(nonceBytes)
      const sealing = createCipheriv(cipher, key, nonce).setAAD(Buffer.from(purpose))
      const closed = [sealing.update(secret), sealing.final()]
      return Buffer.concat([version, nonce, sealing.getAuthTag(), ...closed]).toString('base64')
    },
    open(sealed, purpose) {
      const bytes = Buffer.from(sealed, 'base64')
      const nonce = bytes.subarray(version.length, version.length + nonceBytes)
      const tag = bytes.subarray(version.length + nonceBytes, version.length + nonceBytes + tagBytes)
      const opening = createDecipheriv(cipher, key, nonce, { authTagLength: tagBytes })
      opening.setAAD(Buffer.from(purpose)).setAuthTag(tag)
      const closed = bytes.subarray(version.length + nonceBytes + tagBytes)
      return Buffer.concat([opening.update(closed), opening.final()])
    },
    derive: (purpose, sizeBytes) => Buffer.from(hkdfSync('sha256', key, '', purpose, sizeBytes)),
  }
}
