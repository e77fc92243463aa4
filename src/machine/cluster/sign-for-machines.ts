import { createHash } from 'node:crypto'
import type { CandidateSecrets } from '../../fabric/contract/machines.ts'
import { parseCertificate } from '../certificates/certificate.ts'
import type { KeyAndCertificate } from '../certificates/key-and-certificate.ts'
import { sealerTo } from '../certificates/party-sealer.ts'
import { revocationList } from '../certificates/revocation-list.ts'
import { signRequest } from '../certificates/sign-request.ts'

/** A list of revoked certificates is good for so long, and made anew at half of it. */
const listLivesMs = 7 * 86_400_000

/** A certificate that was revoked, and when, in milliseconds. */
interface Revoked {
  readonly serial: string
  readonly at: number
}

/** For what the secrets of candidates are sealed: they open as nothing else. */
export const candidatePurpose = 'candidate'

/** What the controller's routes of machines need: signatures, hashes, and secrets sealed to candidates. */
export function signForMachines(secrets: CandidateSecrets) {
  let list = { of: '', text: '', madeAt: Number.NEGATIVE_INFINITY }
  return {
    hashOf: (text: string) => createHash('sha256').update(text).digest('hex'),
    thumbprintOf: (certificate: string) => parseCertificate(Buffer.from(certificate, 'base64'))?.thumbprint,
    certify: signRequest,
    secretsTo: (host: string) => ({
      sealed: sealerTo(host).seal(Buffer.from(JSON.stringify(secrets)), candidatePurpose),
      purpose: candidatePurpose,
    }),
    revocations(authority: KeyAndCertificate, revoked: readonly Revoked[], now: number) {
      // Every machine asks every two seconds, and a signature takes a millisecond.
      const of = revoked.map(({ serial }) => serial).join(' ')
      if (list.of !== of || now > list.madeAt + listLivesMs / 2)
        list = { of, text: listOf(authority, revoked, now), madeAt: now }
      return list.text
    },
  }
}

function listOf(authority: KeyAndCertificate, revoked: readonly Revoked[], now: number): string {
  const dated = revoked.map(({ serial, at }) => ({ serial, at: new Date(at) }))
  return revocationList(authority, dated, { thisUpdate: new Date(now), nextUpdate: new Date(now + listLivesMs) })
}
