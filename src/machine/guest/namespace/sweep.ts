import { readdirSync } from 'node:fs'
import { removeCgroups } from './cgroups.ts'
import { endForwarding } from './forwarding.ts'
import { type GuestNetwork, guestNetworkOf, tablesOfFabric } from './guest-network.ts'
import { disconnectLink, interfaces } from './network.ts'
import { takeRoadsAway } from './roads/lay-roads.ts'
import { tables } from './tables.ts'
import { runTool } from './tool.ts'

/** Removes all that a host's guests shared, and what is left of their links and groups; the last host leaves the machine as it was. None of them may run any more. */
export async function closeNetwork(network: GuestNetwork): Promise<void> {
  const { name, links, subnet } = network
  await takeRoadsAway(network)
  const left = readdirSync(interfaces).filter((link) => link.startsWith(links))
  for (const link of left) await disconnectLink(link)
  await runTool('ip', ['-batch', '-'], `route replace unreachable ${subnet}\nroute delete unreachable ${subnet}\n`)
  await removeCgroups(name)
  // Last of what is named after the host: who comes after an end in the middle finds the rest by it. Added first, because nft can only remove what exists.
  await runTool('nft', ['-f', '-'], `add table ip ${name}\ndelete table ip ${name}\n`)
  await endForwarding()
}

/** The same for all hosts of a fabric, found by their tables. `fabric` is the b of its 127.b.0.0/16. */
export async function closeNetworks(fabric: number): Promise<void> {
  const prefix = tablesOfFabric(fabric)
  for (const name of (await tables()).filter((found) => found.startsWith(prefix)))
    await closeNetwork(guestNetworkOf(`127.${fabric}.0.${name.slice(prefix.length)}`))
  await endForwarding()
}
