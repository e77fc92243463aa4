import type { Instant } from '../../kernel/instant.ts'
import type { InstanceStatus, PowerState } from '../../service-model/instance-status.ts'

/** `POST register`: what a host is. Its name is that of its certificate. */
export interface HostFacts {
  readonly name: string
  readonly cores: number
  /** Declared, not measured; 0 means unlimited. */
  readonly memoryMB: number
  readonly diskMB: number
  readonly faultDomain: number
  /** Changes when the machine restarts: its guests are gone then. */
  readonly bootId: string
  /** Identifies one process run of the agent. */
  readonly agentRun: string
  /** First local port that the host's guests may bind: 0 as root, 1024 otherwise (design.md 9.4). */
  readonly firstPort: number
  /** `a.b.c.d/p`: where the addresses of its instances come from. Absent: from the fabric's own network. */
  readonly subnet?: string | undefined
  /** IPv4, where the other machines of the fabric reach its machine. Absent: there are no others. */
  readonly address?: string | undefined
}

/** `POST report`: sent at once on a change and every heartbeatInterval without one. */
export interface HostReport {
  readonly agentRun: string
  /**
   * Grows with all that a run of the agent takes in, from 0 on: of two reports about one instance the higher is the newer, whichever arrives first.
   * Between two with the same number only time has passed, and the later `since` is the newer.
   */
  readonly number: number
  /** Version of the goal that the host works towards. */
  readonly goalVersion: number
  /** True: `instances` has all instances on the host. */
  readonly complete: boolean
  readonly instances: readonly InstanceReport[]
  /** Instances that are gone. */
  readonly gone: readonly string[]
  /** In a complete report: why the host had stopped its guests while it heard no master, in one sentence (H-38). */
  readonly isolated?: string | undefined
  /** What is wrong with the roads to the guests of other machines, in sentences; absent: as last reported. */
  readonly troubles?: readonly string[] | undefined
  /** How many machines the host knows, with its own: by those it finds out whether it is cut off (H-38). Absent: it is the only one, or does not say. */
  readonly machines?: number | undefined
}

export interface InstanceReport {
  readonly key: string
  /** Revision of the goal that the status is about: Ready for an older one is not Ready for the newest. */
  readonly revision: number
  readonly status: InstanceStatus
  /** One line, T-6; '' when there is nothing to say. */
  readonly details: string
  readonly errorCode?: string | undefined
  readonly powerState: PowerState
  /** Uid under which all of the guest runs, where guests have accounts of their own. */
  readonly account?: number | undefined
  /** Its address, where the fabric may not know the instance. */
  readonly address?: string | undefined
  /** When the status became what it is. */
  readonly since: Instant
  /** Exits of the host stack in a row without having been settled in Ready (H-14); a new role root begins at 0. */
  readonly failures: number
  /** SHA-256 of the package whose next role root is complete on the free letter, as `prepare` asked. */
  readonly prepared?: string | undefined
  /** Why the next role root cannot be prepared now, in one sentence; the host goes on trying. */
  readonly prepareFault?: string | undefined
}

/** `POST answer?id=`: what the host found for an Ask. */
export interface Answer {
  readonly logicalPath: string
  readonly realPath: string
  readonly text: string
  readonly nextOffset: number
  readonly known?: readonly string[] | undefined
}
