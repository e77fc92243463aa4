import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'

/** The kernel may leave a line out of a table that changes while it is read. */
const attempts = 3

/**
 * Uid of the process at the other end of a connection within this machine; undefined when it cannot be known; then the peer must
 * not be trusted: the kernel shows a socket that its process has closed, or not yet accepted, as root's.
 */
export async function peerUid(socket: Socket): Promise<number | undefined> {
  const { remoteAddress, remotePort, localPort, localAddress } = socket
  if (!remoteAddress || !localAddress || remotePort === undefined || localPort === undefined) return undefined
  const theirs = endOf(remoteAddress, remotePort)
  const ours = endOf(localAddress, localPort)
  for (let attempt = 0; attempt < attempts; attempt += 1)
    // A program with dual-stack sockets is in the second table, with the IPv4 address at the end of its own.
    for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
      const uid = ownerIn(await readFile(table, 'latin1').catch(() => ''), theirs, ours)
      if (uid !== undefined) return uid
    }
  return undefined
}

/** Whether the other end of a connection belongs to that account, or to root. Undefined: this process's own. */
export function ofAccount(uid = process.getuid?.()): (socket: Socket) => Promise<boolean> {
  return async (socket) => {
    const found = await peerUid(socket)
    return found !== undefined && (found === uid || found === 0)
  }
}

/**
 * Uid of the owner of the socket with these ends in a table of the kernel. Fields of a line: number, local, remote, state,
 * queues, timers, retransmits, uid, timeout, inode; a socket without an inode belongs to nobody. A table may have a line
 * for each of thousands of connections that have just ended, so it is searched as one text.
 */
export function ownerIn(table: string, local: string, remote: string): number | undefined {
  const [, uid] =
    new RegExp(`${local} (?:${mapped})?${remote} \\S+ \\S+ \\S+ \\S+ +(\\d+) +\\d+ [1-9]`).exec(table) ?? []
  return uid === undefined ? undefined : Number(uid)
}

/** What stands before an IPv4 address in the table of IPv6. */
const mapped = '0000000000000000FFFF0000'

/** `127.0.0.1` and 80 → `0100007F:0050`: the kernel writes addresses with the last byte first. */
export function endOf(address: string, port: number): string {
  const bytes = address
    .replace(/^::ffff:/, '')
    .split('.')
    .map(Number)
  return `${bytes.reverse().map(hexByte).join('')}:${hexByte(port).padStart(4, '0')}`
}

function hexByte(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0')
}
