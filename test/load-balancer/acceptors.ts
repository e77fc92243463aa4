/** Which processes of a plane accept: read from the kernel, since no client can tell. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { endOf } from '../../src/machine/peer.ts'

/** The workers of this process. */
export function workers(): readonly number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => {
      try {
        const isMine = readFileSync(`/proc/${pid}/status`, 'utf8').includes(`\nPPid:\t${process.pid}\n`)
        return isMine && readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('LoadBalancerWorker\0')
      } catch {
        return false
      }
    })
}

/** This process and its workers, as far as they have the socket that listens there. */
export function acceptors(address: string, port: number): readonly number[] {
  return holders(new RegExp(`${endOf(address, port)} 0+:0000 0A`))
}

/** The process that has accepted this connection; undefined while none has. */
export function acceptedBy(vip: string, port: number, client: { readonly address: string; readonly port: number }) {
  return holders(new RegExp(`${endOf(vip, port)} ${endOf(client.address, client.port)}`))[0]
}

/** Those of this process and its workers that have the socket that is this line of the kernel's tables. */
function holders(line: RegExp): readonly number[] {
  const lines = ['tcp', 'tcp6'].flatMap((table) => readFileSync(`/proc/net/${table}`, 'utf8').split('\n'))
  const inode = lines
    .find((found) => line.test(found))
    ?.trim()
    .split(/\s+/)[9]
  if (inode === undefined) return []
  return [process.pid, ...workers()].filter((pid) => {
    try {
      return readdirSync(`/proc/${pid}/fd`).some((fd) => linkOf(pid, fd) === `socket:[${inode}]`)
    } catch {
      return false
    }
  })
}

/** '' for one that has been closed meanwhile. */
function linkOf(pid: number, fd: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`)
  } catch {
    return ''
  }
}
