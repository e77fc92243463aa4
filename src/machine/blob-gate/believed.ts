import type { PeerCertificate } from 'node:tls'
import type { MachinesView, MachineView } from '../../fabric/contract/machines.ts'

/** Common name of a machine's own certificate begins so. */
const prefix = 'machine:'

/**
 * The machine that a certificate of the fabric's authority belongs to, if it is in the list with this very certificate: one that was removed, or whose
 * certificate was replaced, is nobody.
 */
export function believed(
  certificate: Pick<PeerCertificate, 'subject' | 'fingerprint256'> | undefined,
  { machines }: Pick<MachinesView, 'machines'>,
): MachineView | undefined {
  const commonName: unknown = certificate?.subject?.CN
  if (!certificate || typeof commonName !== 'string' || !commonName.startsWith(prefix)) return undefined
  const found = machines.find(({ name }) => name === commonName.slice(prefix.length))
  const shown = plain(certificate.fingerprint256)
  return found?.certificates.some((known) => plain(known) === shown) ? found : undefined
}

/** `AA:BB` and `aabb` are the same. */
function plain(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase()
}
