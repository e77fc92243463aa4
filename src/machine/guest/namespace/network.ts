import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connecting } from './connecting.ts'
import { forwardOutward } from './forwarding.ts'
import { type GuestNetwork, linkOf } from './guest-network.ts'
import { nowhere } from './links.ts'
import { type Admitted, admission, dismissal, type Opened, openings, reachable, tableRules } from './rules.ts'
import { runTool } from './tool.ts'

/** A directory for each interface of the network in which one looks. */
export const interfaces = '/proc/sys/net/ipv4/conf'

/** Makes the shared parts of the links of a host's guests, and lets these in; made again it disturbs none of them. */
export async function openNetwork(network: GuestNetwork, guests: readonly (Admitted & Opened)[] = []): Promise<void> {
  const doors = guests.map((guest) => `${admission(network, guest)}${openings(network, guest)}`)
  // First, since all else is found by it: who is ended here leaves nothing that nobody would remove.
  await runTool('nft', ['-f', '-'], `${tableRules(network)}${doors.join('')}`)
  await runTool('ip', ['-batch', '-'], nowhere(network))
  // If the kernel cannot look for sockets, `up` has reported it (lacks.ts).
  await runTool('nft', ['-f', '-'], reachable(network)).catch(() => {})
  await forwardOutward()
}

/** Opens these ports of a guest, each to those who may call it, and no others. `wirePort`: of its wire server, where that is known. */
export async function openPorts(network: GuestNetwork, guest: Opened, wirePort: number | undefined): Promise<void> {
  const admitted = wirePort === undefined ? '' : admission(network, { ...guest, wirePort })
  await runTool('nft', ['-f', '-'], `${admitted}${openings(network, guest)}`)
}

/** Gives the process's network namespace a link to the machine, its address, and ports from 0 on. */
export async function connectGuest(
  network: GuestNetwork,
  guest: Admitted & Opened,
  pid: number,
  mtu?: number,
): Promise<void> {
  const link = linkOf(network, guest.address)
  await disconnectLink(link)
  // By one shell: to start a process takes an agent of a host some ten milliseconds, in which it does nothing else.
  await runTool('sh', ['-es'], connecting(network, guest, pid, mtu))
  turnOn('ipv4', link, 'forwarding')
  // The wire server listens at an address of the loopback network.
  turnOn('ipv4', link, 'route_localnet')
  // The rules are for IPv4: by the other protocol a guest would reach everything that the machine serves.
  turnOn('ipv6', link, 'disable_ipv6')
}

/** Takes the link away again; quietly nothing of it when there is none. That of a guest that has ended is gone when its rules are. */
export async function disconnectGuest(network: GuestNetwork, address: string): Promise<void> {
  await runTool('nft', ['-f', '-'], dismissal(network, address))
  await disconnectLink(linkOf(network, address))
}

/** A link ends with its network namespace, which the kernel clears in its own time. */
export async function disconnectLink(link: string): Promise<void> {
  if (!linkExists(link)) return
  await runTool('ip', ['link', 'delete', link]).catch((error: unknown) => {
    if (linkExists(link)) throw error
  })
}

/** Read from the network of this process: a mount of /sys shows the network in which it was mounted. */
function linkExists(link: string): boolean {
  return existsSync(join(interfaces, link))
}

/** Quietly nothing where the kernel does not know the protocol. */
export function turnOn(
  protocol: 'ipv4' | 'ipv6',
  device: string,
  setting: 'forwarding' | 'route_localnet' | 'disable_ipv6',
): void {
  const settings = `/proc/sys/net/${protocol}/conf`
  if (existsSync(settings)) writeFileSync(`${settings}/${device}/${setting}`, '1')
}
