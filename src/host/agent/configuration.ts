import type { Timers } from '../../kernel/timers.ts'
import { lowestUid } from '../contract/reserved-uids.ts'
import type { HostOptions } from './options.ts'
import type { HostConfiguration } from './state.ts'

/** What `main` finds out about the machine and this run. */
export interface MachineFacts {
  readonly bootId: string
  readonly agentRun: string
  /** First port that programs without privilege may bind. */
  readonly firstPort: number
  readonly agentIncarnation: string
  /** True: guests can be given accounts of their own. */
  readonly ownAccounts: boolean
  /** True: guests are given networks of their own. */
  readonly ownNetworks: boolean
}

/** Most guests of one host: its address has one byte of its own, and so do the guests of each host. */
const guestsOfHost = 256

export function configurationOf(options: HostOptions, timers: Timers, machine: MachineFacts): HostConfiguration {
  const { name, cores, memoryMB, diskMB, faultDomain, subnet, address, dataDirectory, wireAddress, programs } = options
  const { bootId, agentRun, firstPort } = machine
  return {
    facts: {
      name,
      cores,
      memoryMB,
      diskMB,
      faultDomain,
      bootId,
      agentRun,
      firstPort,
      subnet,
      ...(address !== undefined && { address }),
    },
    dataDirectory,
    wireAddress,
    programs,
    agentPackage: { path: `${programs}/WindowsAzureGuestAgent.mjs`, incarnation: machine.agentIncarnation },
    timers,
    firstUid: machine.ownAccounts ? firstUid(wireAddress) : undefined,
    ownNetworks: machine.ownNetworks,
  }
}

/** Hosts of one machine have addresses 127.b.0.x of their own, and so uids of their own. */
function firstUid(wireAddress: string): number {
  const [, b = 0, , x = 0] = wireAddress.split('.').map(Number)
  return lowestUid + (b * 256 + x) * guestsOfHost
}
