import { isAlive, type ProcessIdentity } from '../../../process.ts'
import { type GuestNetwork, linkOf } from '../guest-network.ts'
import { runTool } from '../tool.ts'

/** A guest that runs: its address, and its first process. */
export interface RunningGuest {
  readonly address: string
  readonly process: ProcessIdentity
}

/** Gives both ends of these guests' links that MTU, where they have another; that of the machine's end last, which shows that both have it. */
export async function limitPackets(network: GuestNetwork, guests: readonly RunningGuest[], mtu: number): Promise<void> {
  if (guests.length === 0) return
  const shown = JSON.parse(await runTool('ip', ['-json', 'link', 'show'])) as readonly {
    readonly ifname?: string
    readonly mtu?: number
  }[]
  const others = new Set(shown.flatMap((link) => (link.mtu === mtu ? [] : (link.ifname ?? []))))
  for (const { address, process } of guests) {
    const link = linkOf(network, address)
    // A number of a process that has ended may be another's by now, which has another network.
    if (!others.has(link) || !isAlive(process)) continue
    await runTool('nsenter', ['-t', String(process.pid), '-n', 'ip', 'link', 'set', 'eth0', 'mtu', String(mtu)])
    await runTool('ip', ['link', 'set', link, 'mtu', String(mtu)])
  }
}
