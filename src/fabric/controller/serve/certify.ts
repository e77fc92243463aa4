import { fine, type Result, refused } from '../../../kernel/fault.ts'
import { certificateOf } from '../../contract/machine-certificates.ts'
import type { CertificateRequest, MachineParty } from '../../contract/machines.ts'
import type { CertificateMark, MachineRecord } from '../state/records/machine.ts'
import type { FabricState } from '../state/state.ts'
import type { MachineServing } from './serving.ts'

/** What was signed for a machine: nothing of it is believed before its marks are in the machine's record. */
export interface Certified {
  readonly marks: readonly CertificateMark[]
  /** PEM, by party. */
  readonly certificates: Readonly<Partial<Record<MachineParty, string>>>
  /** SHA-256 of all the keys. */
  readonly keys: string
}

/** Signs what a machine asks for; `BadRequest` when a request is weak or unreadable, or its party is not the machine's. */
export function certify(
  { stored, facts }: FabricState,
  { certify: sign, hashOf }: MachineServing,
  machine: Pick<MachineRecord, 'name' | 'address' | 'controller'>,
  requests: readonly CertificateRequest[],
): Result<Certified> {
  const marks: CertificateMark[] = []
  const certificates: Partial<Record<MachineParty, string>> = {}
  const keys: string[] = []
  for (const { party, request } of requests) {
    const wanted = certificateOf(party, machine, facts.network)
    const authority = wanted && stored.authority.get(wanted.authority)
    if (!authority)
      return refused(
        'BadRequest',
        `The fabric signs no certificate of ${party} for ${machine.name}. Ask for others alone.`,
      )
    const signed = sign(authority, request, wanted)
    if (!signed.ok) return signed
    const { certificatePem, publicKey, fingerprint, serial, endsAt } = signed.value
    marks.push({ party, fingerprint, serial, endsAt })
    certificates[party] = certificatePem
    keys.push(`${party} ${publicKey}`)
  }
  return fine({ marks, certificates, keys: hashOf(keys.toSorted().join('\n')) })
}
