import { dotted, type HostSubnet, overlap } from '../../host/contract/subnet.ts'
import { fine, type Result, refused } from '../../kernel/fault.ts'
import { readAddress, readSubnet } from '../../service-model/subnet.ts'

/** The addresses of IPv4 that an operator gives the fabric for its VIPs, as numbers: all of them are given out. */
export type VipRange = HostSubnet

/** Each stands on `lo` of every machine and is announced when it moves. Origin: choice, what one third octet has. */
const mostVips = 256

/** What no VIP can be: addresses of this network, of loopback, of one link, of many receivers, of nobody yet, and the wire server's (wire-server.md 1.3). */
const unfit: readonly (readonly [network: string, why: string])[] = [
  ['0.0.0.0/8', 'of no computer'],
  ['127.0.0.0/8', 'of loopback, which no other computer reaches'],
  ['169.254.0.0/16', 'of one link alone'],
  ['168.63.129.16/32', 'of the wire servers'],
  ['224.0.0.0/3', 'of no single computer'],
]

/**
 * Reads `FIRST-LAST` or a CIDR `a.b.c.d/p` (`--vip-range`). Of a CIDR wider than /31 its first and last address, which are the network's own and its
 * broadcast, are left out. The fault is one sentence that says what was asked.
 */
export function readVipRange(text: string): Result<VipRange> {
  const range = text.includes('/') ? ofSubnet(text) : ofEnds(text)
  if (!range)
    return wrong(text, 'it is neither two addresses of IPv4 like 192.0.2.10-192.0.2.29 nor a subnet like 192.0.2.16/28')
  if (range.size < 1) return wrong(text, 'its last address comes before its first')
  if (range.size > mostVips)
    return wrong(text, `it has ${range.size} addresses, and a fabric takes at most ${mostVips}. Name a part of it`)
  const hit = unfit.find(([network]) => overlap(range, ofNetwork(network)))
  return hit ? wrong(text, `addresses of ${hit[0]} are ${hit[1]}`) : fine(range)
}

/** Whether an address is one of the range. */
export function isVipOf({ first, size }: VipRange, address: string): boolean {
  const number = numberOf(address)
  return number !== undefined && number >= first && number < first + size
}

/** All addresses of the range, in order. */
export function vipsOf({ first, size }: VipRange): readonly string[] {
  return Array.from({ length: size }, (_, index) => dotted(first + index))
}

/** First and last address of the range: `192.0.2.10-192.0.2.29`. */
export function rangeText({ first, size }: VipRange): string {
  return `${dotted(first)}-${dotted(first + size - 1)}`
}

/**
 * Why a fabric cannot have the range, in one sentence; undefined when it can. `network` is the b of its 127.b.0.0/16 and 10.b.0.0/16; `machines` are
 * the addresses of its machines.
 */
export function vipRangeConflict(
  range: VipRange,
  { network, machines }: { readonly network: number; readonly machines: readonly string[] },
): string | undefined {
  const text = rangeText(range)
  const machine = machines.find((address) => isVipOf(range, address))
  if (machine !== undefined) return sentence(text, `${machine} is the address of a machine`)
  const guests = `10.${network}.0.0/16`
  return overlap(range, ofNetwork(guests))
    ? sentence(text, `addresses of ${guests} are those of role instances`)
    : undefined
}

function ofEnds(text: string): VipRange | undefined {
  const [first, last, ...more] = text.split('-').map((part) => numberOf(part.trim()))
  if (first === undefined || last === undefined || more.length > 0) return undefined
  return { first, size: last - first + 1 }
}

function ofSubnet(text: string): VipRange | undefined {
  const subnet = readSubnet(text.trim())
  if (!subnet || subnet.bytes.length !== 4 || text.includes(':')) return undefined
  const { first, size } = ofNetwork(text.trim())
  return size > 2 ? { first: first + 1, size: size - 2 } : { first, size }
}

function ofNetwork(text: string): VipRange {
  const { bytes = [], bits = 0 } = readSubnet(text) ?? {}
  const size = 2 ** (32 - bits)
  const address = ofBytes(bytes)
  return { first: address - (address % size), size }
}

function numberOf(address: string): number | undefined {
  const bytes = address.includes(':') ? undefined : readAddress(address)
  return bytes && ofBytes(bytes)
}

function ofBytes(bytes: readonly number[]): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0)
}

function sentence(text: string, why: string): string {
  return `The VIPs cannot be ${text}: ${why}.`
}

/** A text that is longer than any range is cut. */
function wrong(text: string, why: string): Result<never> {
  return refused('BadRequest', sentence(JSON.stringify(text.slice(0, longestText)), why))
}

const longestText = 64
