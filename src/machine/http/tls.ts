import { readFileSync } from 'node:fs'
import { followFile } from '../follow-file.ts'

/** Paths of the PEM files with which one party of the fabric proves its identity and recognises the others. */
export interface TlsFiles {
  /** The fabric's authority: the only one that is trusted. */
  readonly ca: string
  readonly cert: string
  readonly key: string
}

/** The same, read. */
export interface TlsMaterial {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

/** Reads the three files. Throws when one is missing or may not be read: without them a party can do nothing. */
export function readTls(files: TlsFiles): TlsMaterial {
  return {
    ca: readFileSync(files.ca, 'utf8'),
    cert: readFileSync(files.cert, 'utf8'),
    key: readFileSync(files.key, 'utf8'),
  }
}

/**
 * How often a certificate is looked at. The former is good for months, but a clock that is set may end it at once, and until the new one is shown its
 * owner is answered by nobody.
 */
const lookEveryMs = 5_000

/**
 * Tells of each certificate that takes the place of the one in the files, with its key, and does not keep the process alive; the returned function ends
 * that. Files that cannot be read tell nothing: the former certificate is still good.
 */
export function followTls(files: TlsFiles, renewed: (tls: TlsMaterial) => void, everyMs = lookEveryMs): () => void {
  return followFile(files.cert, everyMs, () => {
    try {
      renewed(readTls(files))
    } catch {
      // It is looked at again.
    }
  })
}
