/** The options of the VipHolder process: the JSON file whose path is its only argument. */
export interface VipHolderOptions {
  /** Name of the machine, and its address, where the other machines reach it. */
  readonly machine: string
  readonly address: string
  /** The b of the fabric's 127.b.0.0/16. */
  readonly network: number
  /** `FIRST-LAST` or CIDR of the VIPs. */
  readonly vipRange: string
  /** The last MachinesView that a controller has given. */
  readonly machinesFile: string
  /** Where the balancer of this machine says that it serves (pulse.ts). */
  readonly pulseFile: string
  /** Gets the VIPs at which other computers answer, for the balancer's reports. */
  readonly takenFile: string
  /** A port of the other machines: whether they accept or refuse a connection to it, they live. */
  readonly witnessPort: number
  /** For the files of keepalived; made when it is missing. */
  readonly directory: string
  /** Gets `{"ready":true}` when the VIPs stand on `lo` and keepalived runs. */
  readonly readyFile: string
  readonly logFile: string
}
