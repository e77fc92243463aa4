import { openSync, readSync } from 'node:fs'
import type { RotationMember } from '../../../fabric/contract/rotation.ts'
import { endOf, ownerIn } from '../../peer.ts'

/** Which accounts have the ports of members. A role that ends leaves its address, and on one machine any account may take it. */
export interface Owners {
  /** The account that has the member's port, when it is another than the guest's; undefined when it is the guest's, or nobody's. */
  intruder(member: RotationMember, protocol?: 'tcp' | 'udp'): number | undefined
  /** A member has closed a connection, or refused one: it may have ended. */
  doubt(): void
}

/** How long a look at the kernel's table is good, in milliseconds, and how long after a doubt. Origin: choice; a look costs up to 1 ms. */
const freshMs = 100
const doubtedFreshMs = 20

/** Bytes read at once, some ten lines: a small piece keeps the kernel from going on through all connections (measured: 1.2 ms). */
const pieceBytes = 1_536

/** Addresses that all programs of this machine share. */
const loopback = '127.'

const names = ['tcp', 'tcp6', 'udp', 'udp6'] as const
type Table = (typeof names)[number]

const [anywhere, anywhere6] = ['0'.repeat(8), '0'.repeat(32)]
const [nobody, nobody6] = [`${anywhere}:0000`, `${anywhere6}:0000`]

/** The tables stay open: a balancer that has no descriptor left still knows whom it connects to. */
export function openOwners(): Owners {
  const files = new Map(names.map((name) => [name, openSync(`/proc/net/${name}`, 'r')]))
  let tables: Partial<Record<Table, string>> = {}
  /** The content of the tables, by protocol, address and port. */
  const found = new Map<string, number | undefined>()
  let lookedAt = 0
  let goodForMs = 0

  function ownerNow(address: string, port: number, protocol: 'tcp' | 'udp'): number | undefined {
    const now = performance.now()
    if (now - lookedAt >= goodForMs) {
      tables = {}
      found.clear()
      lookedAt = now
      goodForMs = freshMs
    }
    const key = `${protocol} ${address}:${port}`
    if (!found.has(key)) found.set(key, ownerOf(endOf(address, port), protocol))
    return found.get(key)
  }

  function tableOf(name: Table): string {
    return (tables[name] ??= listening(name, files.get(name) as number))
  }

  /** A socket bound to the address itself has priority over one bound to all addresses. */
  function ownerOf(end: string, protocol: 'tcp' | 'udp'): number | undefined {
    const colon = end.slice(-':0000'.length)
    return (
      ownerIn(tableOf(protocol), end, nobody) ??
      ownerIn(tableOf(`${protocol}6`), end, nobody6) ??
      ownerIn(tableOf(protocol), anywhere + colon, nobody) ??
      ownerIn(tableOf(`${protocol}6`), anywhere6 + colon, nobody6)
    )
  }

  return {
    intruder({ address, port, account = process.getuid?.() }, protocol = 'tcp') {
      // Any other address leads to one guest alone, or nowhere.
      if (!address.startsWith(loopback)) return undefined
      const uid = ownerNow(address, port, protocol)
      return uid === account ? undefined : uid
    },
    doubt() {
      goodForMs = Math.min(goodForMs, doubtedFreshMs)
    },
  }
}

/** The lines of a table, of tcp down to its first connection: sockets that listen stand before all of them. */
function listening(name: Table, file: number): string {
  const piece = Buffer.allocUnsafe(pieceBytes)
  for (let text = '', at = 0; ; ) {
    const length = readSync(file, piece, 0, pieceBytes, at)
    at += length
    text += piece.toString('latin1', 0, length)
    if (length === 0 || (name.startsWith('tcp') && /\n *\d+: \S+ \S+ (?!0A)\S\S /.test(text))) return text
  }
}
