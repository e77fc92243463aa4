import { type GuestNetwork, linkOf, machineAddress, wellKnownAddress } from './guest-network.ts'

/**
 * Lines for `ip -batch` on the machine: a link to the network of process `pid`, and the way to the guest's address. No bridge, so that each link can
 * be held to its address. `mtu`: of both ends, where that of Ethernet would be too much.
 */
export function machineEnd(network: GuestNetwork, address: string, pid: number, mtu?: number): string {
  const link = linkOf(network, address)
  const size = mtu === undefined ? '' : ` mtu ${mtu}`
  return lines([
    `link add ${link}${size} type veth peer name eth0${size} netns ${pid}`,
    `address add ${machineAddress}/32 dev ${link}`,
    `link set ${link} up`,
    `route add ${address}/32 dev ${link} src ${machineAddress}`,
  ])
}

/**
 * Lines for `ip -batch` inside: the instance's address, and everything else by way of the machine. The fabric's part of the loopback network
 * is the machine's too, so that VIPs and the Blob service have one address everywhere.
 */
export function guestEnd({ publicSubnet }: GuestNetwork, address: string): string {
  return lines([
    'link set eth0 up',
    `address add ${address}/32 dev eth0`,
    `route add ${machineAddress} dev eth0 scope link`,
    `route add default via ${machineAddress} dev eth0`,
    // Public agents look into the table of routes for it before they ask DHCP (wire-server.md 2).
    `route add ${wellKnownAddress} via ${machineAddress} dev eth0`,
    `route add ${publicSubnet} via ${machineAddress} dev eth0 src ${address} table local`,
  ])
}

/** Lines for `ip -batch`: addresses of guests that are not there lead nowhere, least of all out of the machine. */
export function nowhere({ subnet }: GuestNetwork): string {
  return lines([`route replace unreachable ${subnet}`])
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('')
}
