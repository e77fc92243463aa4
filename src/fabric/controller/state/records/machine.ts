import type { Instant } from '../../../../kernel/instant.ts'
import type { MachineParty } from '../../../contract/machines.ts'

/** A machine of a fabric that has several; key: its name in lower case. What is in no record is not believed. */
export interface MachineRecord {
  readonly name: string
  readonly address: string
  /** Of its host: `127.b.0.number`, `10.b.number.0/24`. */
  readonly number: number
  /** Whether it is a candidate. */
  readonly controller: boolean
  readonly version: string
  /** SHA-256 of its computer's machine ID. */
  readonly computer: string
  /** SHA-256 of its public keys, so that the same request again is known; '' for the first machine. */
  readonly keys: string
  /** Key of its token; '' for the first machine. */
  readonly token: string
  /** Those in force, the newest last. */
  readonly certificates: readonly CertificateMark[]
  readonly joinedAt: Instant
  /** Its member of etcd; absent: it has none, or none yet. */
  readonly etcd?: EtcdRecord | undefined
  /** Thumbprint of its portal's management certificate, which leaves the subscription with it. */
  readonly portalThumbprint?: string | undefined
}

/** A certificate that the fabric has signed for a machine. */
export interface CertificateMark {
  readonly party: MachineParty
  /** SHA-256, 64 lower-case hexadecimal digits. */
  readonly fingerprint: string
  /** Hexadecimal digits. */
  readonly serial: string
  readonly endsAt: Instant
}

export interface EtcdRecord {
  /** ID of the member, as etcd's gateway writes it. */
  readonly member: string
  /** `--initial-cluster` of the member. */
  readonly initialCluster: string
  /** False: a learner, which is given up when it is never promoted. */
  readonly isVoter: boolean
}

/** What is left to do about a machine that was removed; key: that of its token. It stays until its certificates have ended. */
export interface FormerMachineRecord {
  readonly name: string
  /** Its member of etcd, until that is removed; `id` is '' when it is not known. */
  readonly member?: { readonly id: string; readonly memberUrl: string } | undefined
  readonly removedAt: Instant
  /** Of etcd's authority, which are revoked. */
  readonly etcdCertificates: readonly CertificateMark[]
}

/** A token to join; key: SHA-256 of its secret, which is stored nowhere. */
export interface JoinTokenRecord {
  readonly validUntil: Instant
  /** Whether a candidate may join by it. */
  readonly controller: boolean
  /** Name of the machine that has joined by it: it works once. */
  readonly usedBy?: string | undefined
}

/** Key: `fabric` or `etcd`. The whole store is sealed under the fabric's key, so any master can sign. */
export interface AuthorityRecord {
  readonly certificatePem: string
  readonly keyPem: string
}
