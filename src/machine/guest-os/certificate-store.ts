import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { thumbprintOf } from '../certificates/certificate.ts'
import type { CertificateWithKey } from '../certificates/pfx.ts'
import { writePkcs12 } from '../certificates/pkcs12.ts'
import { link } from './link.ts'

/** A certificate that a role wants, and the files of it, without their endings, below the directory of all. */
export interface WantedCertificate {
  readonly name: string
  readonly thumbprint: string
  readonly byThumbprint: string
  /** Links to the files by thumbprint. */
  readonly byName: string
}

/** Longest chain that is followed: the limit of TLS libraries. */
const longestChain = 10

/** File modes: certificates are public, keys are the role's own. */
const modes = { public: 0o644, secret: 0o600 } as const

/**
 * Makes the directory anew with the wanted certificates among those found: `.pem` with its chain, `.key` (PKCS#8, PEM) and `.pfx`
 * without password, which holds all of it. A reader sees the old directory or the new one. Throws a sentence when one is not
 * among those found.
 */
export function writeCertificates(
  directory: string,
  found: readonly CertificateWithKey[],
  {
    wanted,
    index,
  }: {
    readonly wanted: readonly WantedCertificate[]
    readonly index: { readonly name: string; readonly text: string }
  },
): void {
  const fresh = `${directory}.new`
  const old = `${directory}.old`
  for (const left of [fresh, old]) rmSync(left, { recursive: true, force: true })
  mkdirSync(fresh, { mode: 0o755 })
  const read = found.map((one) => ({ ...one, x509: new X509Certificate(one.der) }))
  for (const one of wanted) {
    const own = read.find(({ der }) => thumbprintOf(der) === one.thumbprint)
    if (!own)
      throw new Error(`The certificate ${one.name} (${one.thumbprint}) is not among those that the host agent gives.`)
    const chain = chainOf(own.x509, read)
    writeOne(fresh, one, own, chain)
  }
  writeFileSync(join(fresh, index.name), index.text, { mode: modes.public })
  renameIfThere(directory, old)
  renameSync(fresh, directory)
  rmSync(old, { recursive: true, force: true })
}

function writeOne(
  directory: string,
  { byThumbprint, byName }: WantedCertificate,
  { der, key }: CertificateWithKey,
  chain: readonly X509Certificate[],
): void {
  const base = join(directory, byThumbprint)
  mkdirSync(dirname(base), { recursive: true, mode: 0o755 })
  const put = (ending: string, content: string | Uint8Array, mode: number) => {
    writeFileSync(base + ending, content, { mode })
    link(join(directory, byName + ending), base + ending)
  }
  put('.pem', chain.map(String).join(''), modes.public)
  put('.pfx', writePkcs12([{ der, key }, ...chain.slice(1).map(({ raw }) => ({ der: raw }))]), modes.secret)
  if (key)
    put(
      '.key',
      createPrivateKey({ key, format: 'der', type: 'pkcs8' }).export({ type: 'pkcs8', format: 'pem' }),
      modes.secret,
    )
}

/** The certificate, who issued it, who issued that, as far as they are there. */
function chainOf(
  first: X509Certificate,
  found: readonly { readonly x509: X509Certificate }[],
): readonly X509Certificate[] {
  const chain = [first]
  while (chain.length < longestChain) {
    const last = chain.at(-1) as X509Certificate
    const issuer = found.find(({ x509 }) => last.checkIssued(x509) && last.verify(x509.publicKey))?.x509
    if (!issuer || chain.some(({ fingerprint256 }) => fingerprint256 === issuer.fingerprint256)) break
    chain.push(issuer)
  }
  return chain
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
