import type { PeerCertificate } from 'node:tls'
import type { MachinesView, MachineView } from '../../fabric/contract/machines.ts'
import { party } from '../../fabric/contract/paths.ts'
import { fingerprintOf } from '../certificates/fingerprint.ts'

/**
 * The machine that a certificate of the fabric's authority belongs to, if it is in the list with this very certificate: one that was removed, or whose
 * certificate was replaced, is nobody.
 */
export function believed(
  certificate: Pick<PeerCertificate, 'subject' | 'raw'> | undefined,
  { machines }: Pick<MachinesView, 'machines'>,
): MachineView | undefined {
  const commonName: unknown = certificate?.subject?.CN
  if (!certificate || typeof commonName !== 'string' || !commonName.startsWith(party.machinePrefix)) return undefined
  const found = machines.find(({ name }) => name === commonName.slice(party.machinePrefix.length))
  return found?.certificates.includes(fingerprintOf(certificate.raw)) ? found : undefined
}
