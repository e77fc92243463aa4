import { createPrivateKey, createPublicKey, hkdfSync } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { replaceFile } from '../guest-os/replace-file.ts'

/**
 * The key that identifies an instance to SSH clients now, PEM: derived from a private key of several instances (P-29), or, where there is no such
 * file, one of its own. Throws when the file holds no key: with another one it would seem to be another instance.
 */
export function currentHostKey({ shared, directory }: { readonly shared: string; readonly directory: string }): string {
  return existsSync(shared) ? hostKeyFrom(readFileSync(shared, 'utf8')) : hostKeyIn(directory)
}

/** Made at first: it stays until the drive is emptied. */
function hostKeyIn(directory: string): string {
  const file = join(directory, 'ssh_host_ed25519_key')
  if (!existsSync(file)) {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    replaceFile(file, ssh2.utils.generateKeyPairSync('ed25519').private, 0o600)
  }
  return readFileSync(file, 'utf8')
}

/** What another use of the same private key would have to say too, to come to the same key. */
const use = 'Reddog: SSH host key'

/** The bytes before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410, 7). */
const pkcs8Ed25519 = Buffer.from('302e020100300506032b657004220420', 'hex')

/**
 * The key that identifies all instances with this private key to SSH clients (P-29): to a client each of them is the same, before and after
 * their disks were emptied. `privateKey`: PEM. In the form of OpenSSH.
 */
export function hostKeyFrom(privateKey: string): string {
  const secret = createPrivateKey(privateKey).export({ format: 'der', type: 'pkcs8' })
  const seed = Buffer.from(hkdfSync('sha256', secret, '', use, 32))
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Ed25519, seed]), format: 'der', type: 'pkcs8' })
  const point = Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x as string, 'base64url')
  return openSsh(seed, point)
}

/** An Ed25519 key in the file format of OpenSSH (PROTOCOL.key of its sources), without a passphrase. */
function openSsh(seed: Buffer, point: Buffer): string {
  const kind = 'ssh-ed25519'
  const checks = Buffer.alloc(8)
  const inner = Buffer.concat([checks, ...[kind, point, Buffer.concat([seed, point]), ''].map(lengthed)])
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, (8 - (inner.length % 8)) % 8))
  const one = Buffer.from([0, 0, 0, 1])
  const file = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    ...['none', 'none', ''].map(lengthed),
    one,
    lengthed(Buffer.concat([kind, point].map(lengthed))),
    lengthed(Buffer.concat([inner, padding])),
  ])
  const lines = file.toString('base64').match(/.{1,70}/g) ?? []
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`
}

function lengthed(part: Buffer | string): Buffer {
  const bytes = Buffer.from(part as Buffer)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
