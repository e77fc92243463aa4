import { existsSync, readFileSync } from 'node:fs'
import type { KeyAndCertificate } from '../certificates/key-and-certificate.ts'
import { writeWhole } from './write-whole.ts'

/** The pair in the two files, made when either is missing. */
export function keptPair(certificateFile: string, keyFile: string, make: () => KeyAndCertificate): KeyAndCertificate {
  if (!existsSync(certificateFile) || !existsSync(keyFile)) {
    const made = make()
    writeWhole(keyFile, made.keyPem)
    writeWhole(certificateFile, made.certificatePem, 0o644)
  }
  return { certificatePem: readFileSync(certificateFile, 'utf8'), keyPem: readFileSync(keyFile, 'utf8') }
}
