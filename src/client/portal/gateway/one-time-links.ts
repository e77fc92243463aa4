import { verify } from 'node:crypto'
import type { Instant } from '../../../kernel/instant.ts'
import { linkLifeMs, readToken } from '../one-time-link.ts'
import { Refusal } from './refusal.ts'
import type { RegisteredCertificate, RegisteredCertificates } from './registered-certificates.ts'

/** Most links that are remembered as used, each for the rest of its five minutes. Only valid ones are. Origin: choice. */
const mostUsed = 1_000

/** Why a link does not sign in: for the log. The user hears the same in all cases. */
export class BadLink extends Refusal {
  readonly why: string
  constructor(why: string) {
    super(
      403,
      'This link does not sign in: it was used, is older than five minutes, or was made for another portal. Make a new one with: reddog portal',
    )
    this.why = why
  }
}

export interface OneTimeLinks {
  /** The certificate whose key has signed the token, which is good for this once. Rejects with a BadLink, or with the Refusal of `certificates`. */
  take(token: string): Promise<RegisteredCertificate>
}

/** One-time links to the portal of this origin. Those made before this process began may have been used, and are not taken. */
export function openOneTimeLinks(
  origin: string,
  certificates: RegisteredCertificates,
  now: () => Instant,
): OneTimeLinks {
  const begun = now()
  const used = new Map<string, Instant>()

  return {
    async take(token) {
      const read = readToken(token)
      if (!read) throw new BadLink('it is none')
      const { claims, signed, signature } = read
      if (claims.origin !== origin) throw new BadLink('it is for another origin')
      if (claims.expires <= now()) throw new BadLink('it is too old')
      if (claims.expires > now() + linkLifeMs) throw new BadLink('it is good for longer than it may be')
      if (claims.expires < begun + linkLifeMs) throw new BadLink('it was made before the portal was started')
      const signer = (await certificates.current()).find(({ thumbprint }) => thumbprint === claims.thumbprint)
      if (!signer) throw new BadLink('its certificate is not registered')
      if (!isSigned(signed, signature, signer)) throw new BadLink('its signature is wrong')
      for (const [nonce, expires] of used) if (expires <= now()) used.delete(nonce)
      if (used.has(claims.nonce)) throw new BadLink('it was used')
      if (used.size >= mostUsed) throw new Refusal(503, 'Too many links were used. Try again in five minutes.')
      used.set(claims.nonce, claims.expires)
      return signer
    },
  }
}

function isSigned(signed: string, signature: Buffer, { publicKey }: RegisteredCertificate): boolean {
  try {
    return verify('sha256', Buffer.from(signed), publicKey, signature)
  } catch {
    // A key that signs otherwise.
    return false
  }
}
