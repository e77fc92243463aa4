import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'

/** The kernel may leave a line out of a table that changes while it is read. */
const attempts = 3

/** Uid of the process at the other end of a connection within this machine; undefined when it has gone. */
export async function peerUid(socket: Socket): Promise<number | undefined> {
  const { remotePort, localPort, localAddress } = socket
  if (remotePort === undefined || localPort === undefined || localAddress === undefined) return undefined
  const ours = `${hexAddress(localAddress)}:${hexPort(localPort)}`
  for (let attempt = 0; attempt < attempts; attempt += 1)
    // A program with dual-stack sockets is in the second table, with the IPv4 address at the end of its own.
    for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
      const uid = find(await readFile(table, 'latin1').catch(() => ''), hexPort(remotePort), ours)
      if (uid !== undefined) return uid
    }
  return undefined
}

/** Fields of a line: number, local, remote, state, queues, timers, retransmits, uid. */
function find(table: string, port: string, remote: string): number | undefined {
  for (const line of table.split('\n')) {
    const [, local, peer, , , , , uid] = line.trim().split(/\s+/)
    if (local?.endsWith(`:${port}`) && peer?.endsWith(remote)) return Number(uid)
  }
  return undefined
}

/** `127.0.0.1` → `0100007F`: the kernel writes addresses with the last byte first. */
function hexAddress(address: string): string {
  const bytes = address
    .replace(/^::ffff:/, '')
    .split('.')
    .map(Number)
  return bytes
    .reverse()
    .map((byte) => byte.toString(16).toUpperCase().padStart(2, '0'))
    .join('')
}

function hexPort(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0')
}
