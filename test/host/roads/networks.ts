/** Machines that are network namespaces, joined by switches and routers that are others; all end with the processes that hold them. */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { guestNetworkOf } from '../../../src/machine/guest/namespace/guest-network.ts'
import type { Opened } from '../../../src/machine/guest/namespace/rules.ts'
import { identityOf } from '../../../src/machine/process.ts'
import type { Deeds } from './machine.ts'

/** VIPs that its machines have on links. */
const vipRange = '192.0.2.100-192.0.2.120'

/** The b of the tests' fabric, of which no other test is. */
export const fabric = 248

const run = promisify(execFile)
const path = `${process.env['PATH']}:/usr/sbin:/sbin`

/** A network namespace, held by a process. */
export interface Net {
  readonly pid: number
  /** Runs a program in it, and answers with its output. */
  readonly in: (file: string, ...words: readonly string[]) => string
  /** Runs lines of a shell in it. */
  readonly sh: (lines: string) => string
}

export interface Machine extends Net {
  readonly name: string
  readonly subnet: string
  /** Its address among guests. */
  readonly machine: string
  readonly do: <Deed extends keyof Deeds>(
    deed: Deed,
    ...what: Parameters<Deeds[Deed]>
  ) => Promise<Awaited<ReturnType<Deeds[Deed]>>>
}

export interface Guest extends Net {
  readonly address: string
  readonly process: NonNullable<ReturnType<typeof identityOf>>
  readonly owner: Opened['owner']
  /** Datagrams that came, newest last. */
  readonly heard: readonly { readonly from: string; readonly text: string; readonly bytes: number }[]
}

export class Networks {
  readonly #children: ChildProcess[] = []

  /** An empty network, such as that of a switch, a router or a stranger. */
  async net(): Promise<Net> {
    return netOf(await this.#started(['unshare', '--net', process.execPath, '-e', staying]))
  }

  /** A machine of the fabric; its host has that number. */
  async machine(number: number): Promise<Machine> {
    const wireAddress = `127.${fabric}.0.${number}`
    const child = await this.#started([
      'unshare',
      '--net',
      process.execPath,
      join(import.meta.dirname, 'machine.ts'),
      wireAddress,
      vipRange,
    ])
    const { subnet, machine } = guestNetworkOf(wireAddress)
    const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>()
    let asked = 0
    child.on('message', ({ id, answer, failed }: { id: number; answer?: never; failed?: string }) => {
      const asker = waiting.get(id)
      waiting.delete(id)
      if (failed === undefined) asker?.resolve(answer as never)
      else asker?.reject(new Error(failed))
    })
    return {
      ...netOf(child),
      name: `host${number}`,
      subnet,
      machine,
      do: (deed, ...[what]) => {
        const id = ++asked
        child.send({ id, deed, with: what })
        return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }))
      },
    }
  }

  /** A guest on that machine, which listens at these ports by TCP and UDP; `open` are those that the rules open. */
  async guest(
    on: Machine,
    number: number,
    listens: readonly number[],
    opened: Omit<Opened, 'address'>,
  ): Promise<Guest> {
    const program = [process.execPath, join(import.meta.dirname, 'guest.mjs'), ...listens.map(String)]
    const child = await this.#started(['nsenter', '-t', String(on.pid), '-n', 'unshare', '--net', ...program])
    const address = on.machine.replace(/0$/, String(number))
    const heard: Guest['heard'][number][] = []
    child.on('message', (one: Guest['heard'][number]) => heard.push(one))
    const net = netOf(child)
    await on.do('connect', { guest: { address, wirePort: 1, ...opened }, pid: net.pid })
    return { ...net, address, owner: opened.owner, heard, process: identityOf(net.pid) as Guest['process'] }
  }

  /** A program beside guests that answers at `address:port` with the address that it sees. */
  async server(on: Net, ...at: readonly string[]): Promise<void> {
    const program = [process.execPath, join(import.meta.dirname, 'guest.mjs'), ...at]
    await this.#started(['nsenter', '-t', String(on.pid), '-n', ...program])
  }

  /** Ends all of them, and with them their networks. */
  async end(): Promise<void> {
    await Promise.all(
      this.#children.splice(0).map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return
        child.kill('SIGKILL')
        await once(child, 'exit')
      }),
    )
  }

  async #started([file = '', ...words]: readonly string[]): Promise<ChildProcess> {
    const child = spawn(file, words, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, PATH: path },
    })
    this.#children.push(child)
    await once(child, 'message')
    return child
  }
}

const staying = `process.on('disconnect', () => process.exit(0)); process.send('up')`

/** The network in which that process is. */
export function netOf({ pid }: { readonly pid?: number | undefined }): Net {
  const inside = (file: string, ...words: readonly string[]) =>
    execFileSync('nsenter', ['-t', String(pid), '-n', file, ...words], {
      encoding: 'utf8',
      env: { ...process.env, PATH: path },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  return { pid: pid as number, in: inside, sh: (lines) => inside('sh', '-euc', lines) }
}

/** Makes a switch of a network, and returns what plugs others in: they have an interface `name` there, with that address. */
export function switchIn(net: Net): (other: Net, name: string, address: string) => void {
  let plugs = 0
  net.sh('ip link add br0 type bridge; ip link set br0 up')
  return (other, name, address) => {
    const port = `port${++plugs}`
    net.sh(`ip link add ${port} type veth peer name ${name} netns ${other.pid}; ip link set ${port} master br0 up`)
    other.sh(`ip link set lo up; ip address add ${address} dev ${name}; ip link set ${name} up`)
  }
}

const connecting = (address: string, port: number, from: string, limitMs: number) =>
  `const s = require('net').connect({ host: '${address}', port: ${port}, ${from} })
   let text = ''; s.on('data', (d) => (text += d)); s.on('end', () => { console.log(text); process.exit() })
   s.on('error', (e) => { console.log(e.code); process.exit() }); setTimeout(() => { console.log('silence'); process.exit() }, ${limitMs})`

const sending = (address: string, port: number, from: string, text: string, limitMs: number) =>
  `const s = require('dgram').createSocket('udp4'); const end = (w) => { console.log(w); process.exit() }
   s.on('message', (m) => end(String(m))); s.on('error', (e) => end(e.code))
   s.bind(0, ${from}, () => s.send(${text}, ${port}, '${address}')); setTimeout(() => end('silence'), ${limitMs})`

/**
 * What comes of a connection, or of a datagram: the address that the other sees, the code of a refusal, or `silence`. `from`: the address that it is to
 * come from.
 */
const asking = (limitMs: number) => ({
  tcp: (net: Net, address: string, port: number, from?: string) =>
    script(net, connecting(address, port, from === undefined ? '' : `localAddress: '${from}'`, limitMs)),
  udp: (net: Net, address: string, port: number, from?: string, text = "'hello'") =>
    script(net, sending(address, port, from === undefined ? 'undefined' : `'${from}'`, text, limitMs)),
})

export const { tcp, udp } = asking(10_000)

/** For what nobody is to answer. */
export const unanswered = asking(500)

async function script({ pid }: Net, text: string): Promise<string> {
  const { stdout } = await run('nsenter', ['-t', String(pid), '-n', process.execPath, '-e', text])
  return stdout.trim()
}
