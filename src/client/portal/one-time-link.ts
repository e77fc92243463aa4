import { createHash, randomBytes, sign, X509Certificate } from 'node:crypto'
import type { Instant } from '../../kernel/instant.ts'
import { signInFragment } from './protocol.ts'

/** For how long a one-time link signs in. Origin: choice; as long as it takes to get to a browser. */
export const linkLifeMs = 300_000

/** Longest token that is read: a signature of RSA with 8192 bits takes 1366 characters, all else some 300. */
const tokenLimit = 4096

/** What a one-time link says, and its signature vouches for. */
export interface LinkClaims {
  /** Of the management certificate whose key has signed, 40 upper-case hexadecimal digits. */
  readonly thumbprint: string
  /** Of the portal that it leads to, `http://127.0.0.1:8441`. */
  readonly origin: string
  readonly expires: Instant
  /** 32 hexadecimal digits, of which the portal takes each once. */
  readonly nonce: string
}

/** A token in its parts; nothing about it has been checked. */
export interface ReadToken {
  readonly claims: LinkClaims
  /** What was signed. */
  readonly signed: string
  readonly signature: Buffer
}

/** A link that signs in once, within `linkLifeMs`: signed with a management key of the subscription, so that there is no private door (F-3). */
export function oneTimeLink(
  origin: string,
  { certificatePem, keyPem }: { readonly certificatePem: string; readonly keyPem: string },
  now: Instant,
): string {
  const thumbprint = createHash('sha1').update(new X509Certificate(certificatePem).raw).digest('hex').toUpperCase()
  const claims: LinkClaims = { thumbprint, origin, expires: now + linkLifeMs, nonce: randomBytes(16).toString('hex') }
  const signed = Buffer.from(JSON.stringify(claims)).toString('base64url')
  const signature = sign('sha256', Buffer.from(signed), keyPem).toString('base64url')
  return `${origin}/#${signInFragment}${signed}.${signature}`
}

/** Undefined for what is no token. */
export function readToken(token: string): ReadToken | undefined {
  const [, signed, signature] = (token.length <= tokenLimit && /^([\w-]+)\.([\w-]+)$/.exec(token)) || []
  if (signed === undefined || signature === undefined) return undefined
  const claims = claimsOf(Buffer.from(signed, 'base64url').toString())
  return claims && { claims, signed, signature: Buffer.from(signature, 'base64url') }
}

function claimsOf(text: string): LinkClaims | undefined {
  try {
    const { thumbprint, origin, expires, nonce } = (JSON.parse(text) ?? {}) as Readonly<Record<string, unknown>>
    if (typeof thumbprint !== 'string' || typeof origin !== 'string' || typeof nonce !== 'string') return undefined
    if (!Number.isSafeInteger(expires) || !/^[\da-f]{32}$/.test(nonce)) return undefined
    return { thumbprint, origin, expires: expires as number, nonce }
  } catch {
    return undefined
  }
}
