/** The file that a Host Agent is started with (argv[2]). */
export interface HostOptions {
  readonly name: string
  /** Cores, memory and disk are declared, not measured; 0 MB means unlimited (design.md 5). */
  readonly cores: number
  readonly memoryMB: number
  readonly diskMB: number
  readonly faultDomain: number
  /** `a.b.c.d/p`, this host's alone: the source of its instances' addresses (A-23). Absent: the fabric's own network. */
  readonly subnet?: string | undefined
  /** IPv4, where the other machines of the fabric reach this one. Absent: it is alone. Needs `namespace` and root. */
  readonly address?: string | undefined
  /** `FIRST-LAST` or a subnet: VIPs of the fabric that others than its machines reach too. Absent: those of 127.b.0.0/20 alone. */
  readonly vipRange?: string | undefined
  /** `https://address:port` of the fabric controller. */
  readonly controllerUrl: string
  /** In a fabric of several machines: path of a JSON file with the URLs of all controllers, read again when it changes. */
  readonly controllersFile?: string | undefined
  /** Paths of PEM files; the certificate's common name is `host:<name>`. */
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string }
  /** The host's own: `<data>/hosts/<name>`. */
  readonly dataDirectory: string
  /** `127.b.0.x`, this host's alone: each guest has a port of it for its wire server. */
  readonly wireAddress: string
  /** In a fabric of several machines: the machine's own address, where it tells the others when it last heard a master, and the list of machines. */
  readonly witness?:
    | {
        readonly address: string
        readonly port: number
        /** Path of a file with a MachinesView: its certificates alone are believed. */
        readonly machines: string
      }
    | undefined
  /** How its guests are separated (design.md 4). */
  readonly isolation: 'namespace' | 'process'
  /** Whether it is root only in namespaces of an ordinary user, who has one account for all guests. */
  readonly withoutRoot?: boolean | undefined
  /** Path of the program that guests run instead of WaAppAgent. Needs `namespace`. */
  readonly guestAgent?: string | undefined
  /** Directory of the platform's bundled programs. */
  readonly programs: string
  /** Overrides of the form `NAME=DURATION`, as `--timer` takes them. */
  readonly timers: readonly string[]
  /** Gets `{"ready":true}` when the host has registered. */
  readonly readyFile: string
  readonly logFile: string
}
