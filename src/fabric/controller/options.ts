import type { Timers } from '../../kernel/timers.ts'
import type { UpgradePolicy } from '../contract/plan.ts'

/** The file that the controller is started with (argv[2]). */
export interface ControllerOptions {
  readonly address: string
  /** 0: any free port; the ready file says which. */
  readonly port: number
  /** Paths of PEM files; the certificate's common name is `controller`. */
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string }
  /** Everything that the controller writes is below it. */
  readonly dataDirectory: string
  /** Second octet b of the fabric's 127.b.0.0/16 (design.md 5). */
  readonly network: number
  /** Whether each machine has a load balancer of its own. */
  readonly severalMachines?: boolean | undefined
  /** `FIRST-LAST` or CIDR of the VIPs; absent: of the fabric's own loopback network. */
  readonly vipRange?: string | undefined
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
  /** Gets `{"ready":true,"port":N}` when requests are taken. */
  readonly readyFile: string
  /** The controller's own log; `FabricController.log` in the data directory when absent. */
  readonly logFile?: string | undefined
}
