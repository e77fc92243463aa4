import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { IsolationKind } from '../guest/isolation.ts'
import { blobAddressOf, guestNetworkOf } from '../guest/namespace/guest-network.ts'

/** Second numbers that a fabric may claim: 127.0 is everybody's, and 127.1 is a common spelling of 127.0.0.1. */
const lowest = 16
const highest = 250

/** Last numbers of 127.b.0.x, the part of a fabric's network that holds no VIP and no DIP, the Blob service among them; hosts follow from `firstHost` on. */
const own = { controller: 2, blobService: 4, firstHost: 10 } as const

/** Third number of the first host's subnet: VIPs stand before it (fabric/controller/places/subnets.ts). */
const firstSubnet = 16

/** The address of one of the fabric's own parts; `blobService`: the Blob service itself, where a BlobGate has its address. */
export function ownAddress(network: number, part: 'controller' | 'blob' | 'blobService'): string {
  return part === 'blob' ? blobAddressOf(network) : `127.${network}.0.${own[part]}`
}

/** Number of the first machine of several: as in a fabric of one, where hosts are counted from 0. */
export const firstNumber: number = own.firstHost

/** Numbers that machines of one fabric can have: those of its hosts' wire addresses. */
export function isMachineNumber(number: number): boolean {
  return Number.isInteger(number) && number >= own.firstHost && number <= 254
}

/** The address at which the guests of a host, counted from 0, reach their wire server. */
export function wireAddress(network: number, host: number): string {
  return `127.${network}.0.${own.firstHost + host}`
}

/**
 * The subnet of a host, counted from 0: 254 addresses, for it has numbers for 256 guests. Those of 200 hosts end at 127.b.215; where each
 * guest has a network of its own, they are of 10.b.0.0/16.
 */
export function hostSubnet(network: number, host: number, isolation: IsolationKind): string {
  if (isolation === 'namespace') return guestNetworkOf(wireAddress(network, host)).subnet
  return `127.${network}.${firstSubnet + host}.0/24`
}

/**
 * The second number of a network 127.b.0.0/16 on which nothing listens, and to whose 10.b.0.0/16 no route leads, chosen by chance so
 * that fabrics started together differ.
 */
export function freeNetwork(): number {
  const taken = takenNetworks()
  const free = Array.from({ length: highest - lowest }, (_, index) => lowest + index).filter((b) => !taken.has(b))
  if (free.length === 0)
    throw new Error('No network 127.b.0.0/16 is free on this machine: something listens in every one. Stop a fabric.')
  return free[randomInt(free.length)] as number
}

/** Whether another has the network of a fabric that this machine is about to join. */
export function isTakenNetwork(network: number): boolean {
  return takenNetworks().has(network)
}

function takenNetworks(): ReadonlySet<number> {
  const listened = listenedAddresses().map((address) => Number(address.split('.')[1]))
  return new Set([...listened, ...routedNetworks(readFileSync('/proc/net/route', 'utf8'))])
}

/** Second numbers of the networks below 10.0.0.0/8 that a table of routes names. Fields of a line: interface, destination, and more. */
export function routedNetworks(table: string): readonly number[] {
  const destinations = table
    .split('\n')
    .slice(1)
    .flatMap((line) => line.split('\t')[1] ?? [])
  return destinations
    .map(addressOf)
    .flatMap((address) => (address.startsWith('10.') ? Number(address.split('.')[1]) : []))
}

/** IPv4 addresses on which something on this machine listens for TCP. */
function listenedAddresses(): readonly string[] {
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A')
    .map((fields) => addressOf((fields[1] as string).slice(0, 8)))
}

/** `4D00007F`, the kernel's little-endian form, as dotted numbers. */
function addressOf(hex: string): string {
  return [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join('.')
}
