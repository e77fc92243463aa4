import type { SealedKey } from '../../../host/contract/goal.ts'
import type { Driver } from '../../../kernel/drive.ts'
import type { Result } from '../../../kernel/fault.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { WantedCertificate } from '../../contract/machine-certificates.ts'
import type { PackageStore } from '../../package-store/package-store.ts'
import type { Next, Sight } from '../desk/next.ts'
import type { OpenDesk } from '../desk/open-desk.ts'
import type { Message } from '../message.ts'
import type { AuthorityRecord } from '../state/records/machine.ts'
import type { FabricState } from '../state/state.ts'
import type { Subject } from '../subject.ts'
import type { Answer } from './route.ts'

/** What the routes need from the controller and the world. */
export interface Serving {
  readonly driver: Driver<FabricState, Message, Subject>
  readonly desk: OpenDesk
  readonly clock: { now(): Instant }
  readonly packages: PackageStore
  /** The key of a certificate, sealed under the fabric's key, is sealed again to the host with that certificate, PEM. */
  readonly sealedTo: (host: string, key: SealedKey) => SealedKey
  /** The machine key of a role in a deployment (I-14), sealed to the host with that certificate, PEM. */
  readonly machineKeyTo: (host: string, deployment: string, role: string) => SealedKey
  /** 32 hexadecimal digits that nobody can guess. */
  readonly freshId: () => string
  /** In a fabric of several machines. */
  readonly machines?: MachineServing | undefined
}

/** What joining and renewing need from the world. */
export interface MachineServing {
  /** SHA-256, 64 lower-case hexadecimal digits. */
  readonly hashOf: (text: string) => string
  /** SHA-1 of a certificate, DER in Base64: 40 upper-case hexadecimal digits; undefined when it is none. */
  readonly thumbprintOf: (certificate: string) => string | undefined
  /** A certificate for the key of a request, PKCS#10 in PEM; `BadRequest` when it cannot be read or is weak. */
  readonly certify: (
    authority: AuthorityRecord,
    request: string,
    wanted: WantedCertificate,
  ) => Result<SignedCertificate>
  /** What candidates alone know, sealed to the host with that certificate, PEM. */
  readonly secretsTo: (host: string) => SealedKey
  /** X.509 CRL of an authority, PEM. */
  readonly revocations: (authority: AuthorityRecord, revoked: readonly RevokedCertificate[], now: Instant) => string
}

export interface SignedCertificate {
  readonly certificatePem: string
  /** SPKI in PEM. */
  readonly publicKey: string
  /** SHA-256, 64 lower-case hexadecimal digits. */
  readonly fingerprint: string
  /** Hexadecimal digits. */
  readonly serial: string
  readonly endsAt: Instant
}

export interface RevokedCertificate {
  readonly serial: string
  readonly at: Instant
}

/** The desk's answer to a call; `signal`: the caller has gone. */
export function answerOf<Value>(
  { desk }: Serving,
  signal: AbortSignal,
  begin: (sight: Sight) => Next<Value>,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const leave = desk.serve(begin, resolve, reject)
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
  })
}

/** A value as JSON, nothing as 204. */
export function jsonOf(value: object | undefined): Answer {
  return value && { json: value }
}

/** Longest hold of a long poll, even if the caller asks for more. */
const longestPollMs = 60_000

/** `?after=<version>&wait=<ms>` of a long poll. */
export function pollOf(query: URLSearchParams): { readonly after: number; readonly waitMs: number } {
  return {
    after: Number(query.get('after')) || 0,
    waitMs: Math.min(longestPollMs, Math.max(0, Number(query.get('wait')) || 0)),
  }
}
