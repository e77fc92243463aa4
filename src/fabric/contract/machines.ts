import type { SealedKey } from '../../host/contract/goal.ts'

/** What a certificate of a machine is for; each has a name of its own (docs/decisions/several-machines.md). */
export type MachineParty = 'machine' | 'host' | 'loadBalancer' | 'controller' | 'frontEnd' | 'etcd'

/** PKCS#10, PEM: the machine keeps the private key. */
export interface CertificateRequest {
  readonly party: MachineParty
  readonly request: string
}

/** `POST /machines/join`, without a client certificate: the secret of a token stands for it. */
export interface JoinRequest {
  /** 64 hexadecimal digits. */
  readonly secret: string
  readonly name: string
  /** IPv4, where the other machines reach it. */
  readonly address: string
  /** Whether it is to be a candidate. */
  readonly controller: boolean
  /** Identifies the computer: SHA-256 of its machine ID. A second machine with the same one is a cloned disk, and is refused. */
  readonly computer: string
  /** Version of Reddog. */
  readonly version: string
  readonly requests: readonly CertificateRequest[]
  /** The portal's own management certificate, DER in Base64; of candidates alone. */
  readonly portalCertificate?: string | undefined
}

export interface JoinAnswer {
  /** The b of 127.b.0.0/16 and 10.b.0.0/16. */
  readonly network: number
  /** Of its host: `127.b.0.number`, `10.b.number.0/24`. */
  readonly number: number
  readonly subscriptionId: string
  /** The fabric's authority, PEM: it has the hash that the token names. */
  readonly authority: string
  /** PEM, by party. */
  readonly certificates: Readonly<Partial<Record<MachineParty, string>>>
  readonly machines: readonly MachineView[]
  /** Range of the VIPs, as the first machine was told; absent: on loopback. */
  readonly vipRange?: string | undefined
  /** Of candidates: `CandidateSecrets` as JSON, sealed to the certificate of `host`. */
  readonly secrets?: SealedKey | undefined
  /** Of candidates with a member of etcd of their own. */
  readonly etcd?: EtcdMembership | undefined
}

/** What candidates alone know. */
export interface CandidateSecrets {
  /** 64 hexadecimal digits. */
  readonly fabricKey: string
  readonly storageAccount: { readonly name: string; readonly key: string; readonly blobEndpoint: string }
}

/** The member was added as a learner, which hinders no quorum; `POST /machines/promote` makes it a voter when it runs. */
export interface EtcdMembership {
  /** etcd's own authority, PEM. */
  readonly authority: string
  /** `--initial-cluster`: the other members and this one. */
  readonly initialCluster: string
  /** X.509 CRL of that authority, PEM: etcd starts with it. */
  readonly revocations: string
}

/** One machine of the fabric, as all of them may know it: `GET /machines`. */
export interface MachineView {
  readonly name: string
  readonly address: string
  readonly number: number
  readonly controller: boolean
  /** URL of its controller; candidates alone. */
  readonly controllerUrl?: string | undefined
  readonly version: string
  /** SHA-256 fingerprints of its certificates in force, hexadecimal: no others of it are believed. */
  readonly certificates: readonly string[]
  /** Its host is drained, or being drained: the VIPs move to others first. */
  readonly isServiced?: true | undefined
}

/** `GET /machines` → MachinesView, for every party of the fabric. */
export interface MachinesView {
  /** Name of the machine whose controller answers: the master's. */
  readonly master: string
  /** By the master's clock, in milliseconds; absent: of an older one, or as it is kept in a file. */
  readonly now?: number | undefined
  readonly machines: readonly MachineView[]
  /**
   * X.509 CRL of etcd's authority, PEM, for `--client-crl-file` and `--peer-crl-file`, which etcd reads at every handshake. Absent: no machine has a
   * member of etcd.
   */
  readonly etcdRevocations?: string | undefined
}

/** `POST /machines/promote`, without a body, under `machine:NAME` → 204 once its member of etcd is a voter; 503 ServerBusy while it is not abreast yet. */

/** `POST /machines/renew` → RenewAnswer, under `machine:NAME`. */
export interface RenewRequest {
  /** May be empty. */
  readonly requests: readonly CertificateRequest[]
  /** Of Reddog, when it is another than before. */
  readonly version?: string | undefined
}

export interface RenewAnswer {
  readonly certificates: Readonly<Partial<Record<MachineParty, string>>>
}

/** `GET /witness` of a Host Agent: how long ago its machine heard a master, in milliseconds; undefined: never. */
export interface WitnessAnswer {
  readonly heardAgoMs?: number | undefined
}

/** Answer 421 of a controller that is no master. */
export interface NotMaster {
  readonly code: 'NotMaster'
  readonly message: string
  /** URL of the master's controller, when it is known. */
  readonly master?: string | undefined
}

/** Longest that a token to join may be valid, in milliseconds (docs/decisions/several-machines.md). */
export const longestTokenMs = 3_600_000

/** Routes of the machines' affairs. By `master` (GET) every party finds the master: it answers 204, all others as to every call. */
export const machinePaths = {
  master: '/master',
  join: '/machines/join',
  promote: '/machines/promote',
  renew: '/machines/renew',
  machines: '/machines',
  witness: '/witness',
} as const
