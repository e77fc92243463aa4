import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { replaceFile } from '../guest-os/replace-file.ts'

/** The key by which an instance is known to SSH clients, made at first: it stays until the drive is emptied. PEM. */
export function hostKeyIn(directory: string): string {
  const file = join(directory, 'ssh_host_ed25519_key')
  if (!existsSync(file)) {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    replaceFile(file, ssh2.utils.generateKeyPairSync('ed25519').private, 0o600)
  }
  return readFileSync(file, 'utf8')
}
