import type { Timers } from '../../kernel/timers.ts'
import type { MachineParty } from '../contract/machines.ts'
import type { UpgradePolicy } from '../contract/plan.ts'

interface TlsPaths {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

export interface EtcdOptions {
  /** `https://ADDRESS:PORT` of each member, the nearest first. */
  readonly urls: readonly string[]
  /** Paths of PEM files, of etcd's own authority. */
  readonly tls: TlsPaths
  /** Name of this machine. */
  readonly machine: string
  /** `https://ADDRESS:PORT` at which the other machines reach this controller. */
  readonly url: string
}

/** The file that the controller is started with (argv[2]). */
export interface ControllerOptions {
  readonly address: string
  /** 0: any free port; the ready file says which. */
  readonly port: number
  /** Paths of PEM files; the certificate's common name is `controller`. */
  readonly tls: TlsPaths
  /** Everything that the controller writes is below it. */
  readonly dataDirectory: string
  /** The store of a fabric of several machines, in which this controller is a candidate. Absent: a file in the data directory, and no other master. */
  readonly etcd?: EtcdOptions | undefined
  /** Second octet b of the fabric's 127.b.0.0/16 (design.md 5). */
  readonly network: number
  /** `localhost`: production answers at `<service>.localhost`. */
  readonly dnsSuffix: string
  readonly timers: Timers
  /** What of a definition an in-place upgrade may change; `sameModel` when absent (U-6). */
  readonly policy?: UpgradePolicy | undefined
  /** Whether its guests have networks of their own (design.md 4). */
  readonly ownNetworks?: boolean | undefined
  /** Whether they have accounts of their own (P-28). */
  readonly ownAccounts?: boolean | undefined
  /** Made at the first start of a fabric. Of one that exists the limits that are given here change, and nothing else. */
  readonly subscription: {
    /** GUID. */
    readonly id: string
    readonly name: string
    readonly certificates: readonly { readonly thumbprint: string /** DER in Base64. */; readonly data: string }[]
    /** 20 and 20 when absent (S-1 of service-management-api.md). */
    readonly maxCores?: number | undefined
    readonly maxServices?: number | undefined
  }
  /** Path of a JSON file (mode 0600) with a `StorageAccount`. */
  readonly storageAccountFile: string
  /** Path of the key (mode 0600) under which the store is sealed. */
  readonly fabricKeyFile: string
  /** Further `host`, `host:port`, `*.suffix` or `*.suffix:port` from which packages may come (B-1). */
  readonly permittedBlobHosts: readonly string[]
  /** Gets `{"ready":true,"port":N}` when requests are taken, by a candidate also while it stands by. */
  readonly readyFile: string
  /** Of a fabric of several machines; absent: no other machine can join. */
  readonly cluster?: ClusterOptions | undefined
  /** The controller's own log; `FabricController.log` in the data directory when absent. */
  readonly logFile?: string | undefined
}

/** What the controller of one machine must know of a fabric of several. */
export interface ClusterOptions {
  /** Name of its machine. */
  readonly machine: string
  /** Version of Reddog. */
  readonly version: string
  /** Those of every machine's controller and member of etcd. */
  readonly ports: { readonly controller: number; readonly etcdMembers: number }
  /** Range of the VIPs; absent: on loopback. */
  readonly vipRange?: string | undefined
  /** Path of what the last master told of the machines (MachinesView, JSON): whom this controller believes while it is no master. */
  readonly machinesFile?: string | undefined
  /** Of the machine with which the fabric begins; taken at the first start, and not looked at later. */
  readonly first?: FirstMachineOptions | undefined
}

export interface FirstMachineOptions {
  /** IPv4, where the others reach it. */
  readonly address: string
  /** SHA-256 of its machine ID. */
  readonly computer: string
  /** Paths of PEM files: certificate and key of each authority. Without one of etcd, no machine gets a member of it. */
  readonly authorities: {
    readonly fabric: Omit<TlsPaths, 'ca'>
    readonly etcd?: Omit<TlsPaths, 'ca'> | undefined
  }
  /** Paths of the machine's certificates, PEM, by party. */
  readonly certificates: Readonly<Partial<Record<MachineParty, string>>>
}
