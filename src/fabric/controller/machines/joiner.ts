import type { JoinRequest } from '../../contract/machines.ts'
import type { CertificateMark } from '../state/records/machine.ts'

/** A machine that wants to join, as the controller decides about it: without its secret, and with what was signed for it. */
export interface Joiner extends Pick<JoinRequest, 'name' | 'address' | 'controller' | 'computer' | 'version'> {
  /** SHA-256 of its secret. */
  readonly token: string
  /** SHA-256 of its public keys. */
  readonly keys: string
  /** Signed for it, and worth nothing before it is in the records. */
  readonly certificates: readonly CertificateMark[]
  /** Of a candidate: its portal's management certificate; `data` is DER in Base64. */
  readonly portal?: { readonly thumbprint: string; readonly data: string } | undefined
}
