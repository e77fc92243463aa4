import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { certificateOf } from '../../contract/machine-certificates.ts'
import type { CertificateRequest, MachineParty } from '../../contract/machines.ts'
import { machineNamed } from '../machines/find-machine.ts'
import { hasTooMany } from '../machines/in-force.ts'
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

/** Signs what a machine asks for; `ServerBusy` when it has very many already, `BadRequest` when a request is weak or unreadable, or its party is not the machine's. */
export function certify(
  state: FabricState,
  { certify: sign, hashOf }: MachineServing,
  machine: Pick<MachineRecord, 'name' | 'address' | 'controller'>,
  requests: readonly CertificateRequest[],
  now: Instant,
): Result<Certified> {
  const { stored, facts } = state
  const known = machineNamed(state, machine.name)?.certificates ?? []
  if (requests.some(({ party }) => party === 'etcd') && hasTooMany(known, now))
    return refused(
      'ServerBusy',
      `${machine.name} has so many certificates of etcd that have not ended that it gets no more. Find out there why it asks again and again (a full disk keeps none), then remove the machine, and let it join again.`,
    )
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
