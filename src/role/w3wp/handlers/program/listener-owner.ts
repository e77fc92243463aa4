import { readdir, readFile, readlink } from 'node:fs/promises'
import { createServer } from 'node:net'

/** State of a socket that listens, in the kernel's tables. */
const listening = '0A'

/**
 * Whether a process of that session listens at a port of loopback or of all addresses. Guests of one machine may share its loopback: no request goes
 * to another guest's program.
 */
export async function listensAt(port: number, session: number): Promise<boolean> {
  const inodes = (await listeners()).filter((one) => one.port === port && one.isOnLoopback).map(({ inode }) => inode)
  return inodes.length > 0 && (await ownSockets(session)).some((inode) => inodes.includes(inode))
}

/** TCP ports on which processes of the session listen. */
export async function portsOf(session: number): Promise<readonly number[]> {
  const own = new Set(await ownSockets(session))
  return (await listeners()).filter(({ inode }) => own.has(inode)).map(({ port }) => port)
}

/** A port of loopback that nobody has at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

async function listeners() {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'latin1').catch(() => '')),
  )
  return tables.flatMap((table) =>
    table.split('\n').flatMap((line) => {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
      const [address = '', port = ''] = local.split(':')
      const isOnLoopback = /^(?:0+|0100007F|0{16}FFFF00000100007F)$/.test(address)
      return state === listening ? [{ port: Number.parseInt(port, 16), isOnLoopback, inode }] : []
    }),
  )
}

/** Inodes of the sockets that processes of the session have. */
async function ownSockets(session: number): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const own = await Promise.all(pids.map(async (pid) => ((await sessionOf(pid)) === session ? socketsOf(pid) : [])))
  return own.flat()
}

/** The fourth field after the name, which may hold blanks and parentheses. */
async function sessionOf(pid: string): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3])
}

async function socketsOf(pid: string): Promise<readonly string[]> {
  const names = await readdir(`/proc/${pid}/fd`).catch(() => [])
  const targets = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')))
  return targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? [])
}
