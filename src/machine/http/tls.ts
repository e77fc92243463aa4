import { readFileSync } from 'node:fs'

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
