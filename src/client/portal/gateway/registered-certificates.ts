import { type KeyObject, X509Certificate } from 'node:crypto'
import { refusals } from '../../../front-end/contract/errors.ts'
import { errorDocument } from '../../../front-end/contract/wire/error.ts'
import { subscriptionCertificatesDocument } from '../../../front-end/contract/wire/subscription.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { ApiLink } from './api-link.ts'
import { Refusal } from './refusal.ts'

/** A management certificate of the subscription. */
export interface RegisteredCertificate {
  /** 40 upper-case hexadecimal digits. */
  readonly thumbprint: string
  /** DER in Base64. */
  readonly data: string
  readonly expiresAt: Instant
  readonly publicKey: KeyObject
}

/** For how long a list is believed: a certificate that was taken away is refused this much later at the most, as by RDFE itself. */
const freshForMs = 1_000

/** The management certificates of the subscription, as the API had them at most a second ago. */
export interface RegisteredCertificates {
  /**
   * Those that have not expired. While the API does not answer, the last that it named: nothing can be read or changed then. Rejects with a
   * Refusal when it has named none yet, or does not know the portal's own certificate any more.
   */
  current(): Promise<readonly RegisteredCertificate[]>
}

interface Known {
  readonly text: string
  readonly certificates: readonly RegisteredCertificate[]
}

export function rememberCertificates(link: ApiLink, now: () => Instant): RegisteredCertificates {
  let known: Known | undefined
  let asked: { readonly answer: Promise<Known>; readonly at: Instant } | undefined

  async function ask(): Promise<Known> {
    const answer = await link.get('/certificates').catch(() => undefined)
    if (answer?.status === 403) throw new Refusal(403, whyRefused(answer.text))
    const read = answer?.status === 200 ? subscriptionCertificatesDocument.read(answer.text) : undefined
    if (answer && read?.ok) known = answer.text === known?.text ? known : { text: answer.text, ...parsed(read.value) }
    if (known) return known
    throw new Refusal(503, 'The API does not answer. Try again in a moment.')
  }

  return {
    async current() {
      if (!asked || now() - asked.at >= freshForMs) asked = { answer: ask(), at: now() }
      const { certificates } = await asked.answer
      return certificates.filter(({ expiresAt }) => expiresAt > now())
    },
  }
}

/** Only this refusal has the code: the subscription may also be disabled. */
function whyRefused(text: string): string {
  const error = errorDocument.read(text)
  if (error.ok && error.value.code !== refusals.notAuthenticated().fault.code) return error.value.message
  return 'The portal\'s own management certificate is not registered for the subscription any more. The next "reddog up" registers it again.'
}

function parsed(list: readonly { readonly thumbprint: string; readonly data: string }[]) {
  return {
    certificates: list.flatMap(({ thumbprint, data }) => {
      try {
        const { raw, validToDate, publicKey } = new X509Certificate(Buffer.from(data, 'base64'))
        const shown = { thumbprint: thumbprint.toUpperCase(), data: raw.toString('base64') }
        return [{ ...shown, expiresAt: validToDate.getTime(), publicKey }]
      } catch {
        // Nobody can sign in with what is no certificate.
        return []
      }
    }),
  }
}
