import type { Timers } from '../../kernel/timers.ts'

/** The start options of the NamespaceGate process: the JSON file whose path is its only argument. */
export interface NamespaceGateOptions {
  /** Directory of the records of processes. */
  readonly run: string
  /** Where other output goes. */
  readonly logs: string
  /** Addresses of this machine that are met inside too. */
  readonly inwards: readonly Inward[]
  /** Whether those inside reach the networks of the machine, by slirp4netns. */
  readonly outwards: boolean
  readonly timers: Pick<Timers, 'recycleDelays' | 'crashResetAfter'>
  readonly readyFile: string
  readonly logFile: string
}

export interface Inward {
  readonly address: string
  readonly port: number
}
