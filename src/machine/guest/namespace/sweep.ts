import { readdirSync } from 'node:fs'
import { removeCgroups } from './cgroups.ts'
import { type GuestNetwork, guestNetworkOf, tablesOfFabric } from './guest-network.ts'
import { disconnectLink } from './network.ts'
import { runTool } from './tool.ts'

/** Removes all that a host's guests shared, and what is left of their links and groups. None of them may run any more. */
export async function closeNetwork({ name, links, subnet }: GuestNetwork): Promise<void> {
  const left = readdirSync('/sys/class/net').filter((link) => link.startsWith(links))
  for (const link of left) await disconnectLink(link)
  // Named first so that it is there: what is to be removed must be.
  await runTool('nft', ['-f', '-'], `add table ip ${name}\ndelete table ip ${name}\n`)
  await runTool('ip', ['-batch', '-'], `route replace unreachable ${subnet}\nroute delete unreachable ${subnet}\n`)
  await removeCgroups(name)
}

/** The same for all hosts of a fabric, told by their tables. `fabric` is the b of its 127.b.0.0/16. */
export async function closeNetworks(fabric: number): Promise<void> {
  const tables = await runTool('nft', ['list', 'tables', 'ip'])
  const names = tables.split('\n').map((line) => line.replace(/^table ip /, ''))
  const prefix = tablesOfFabric(fabric)
  for (const name of names.filter((found) => found.startsWith(prefix)))
    await closeNetwork(guestNetworkOf(`127.${fabric}.0.${name.slice(prefix.length)}`))
}
