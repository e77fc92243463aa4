import { connect, createServer, type Server, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { MachinesView } from '../../fabric/contract/machines.ts'
import type { TlsMaterial } from '../http/tls.ts'
import { believed } from './believed.ts'
import { type End, type Joined, join, plainEnd } from './joined.ts'
import { admitsEach, gateLimits } from './limits.ts'
import type { Place } from './options.ts'

export interface Door {
  readonly server: Server
  /** The machines are others than before: connections that lead to the wrong one, or from nobody, are cut. */
  changed(view: MachinesView): void
}

interface Parts {
  readonly machine: string
  /** Of a candidate. */
  readonly service?: Place | undefined
  /** Of the outer doors of candidates. */
  readonly outerPort: number
  readonly view: () => MachinesView | undefined
  readonly tls: () => TlsMaterial
}

/** Leads each connection of this machine to the Blob service on the master's. */
export function innerDoor({ machine, service, outerPort, view, tls }: Parts): Door {
  const open = new Map<Joined, string>()
  const admits = admitsEach()

  function take(client: Socket): void {
    if (!admits(client)) return void client.resetAndDestroy()
    const known = view()
    const far = known && dial(known)
    if (!far) return void client.resetAndDestroy()
    const joined = join(plainEnd(client), far, () => open.delete(joined))
    open.set(joined, known.master)
  }

  function dial(known: MachinesView): End | undefined {
    if (known.master === machine) return service && dialHere(service)
    const master = known.machines.find(({ name }) => name === known.master)
    return master && dialThere(master.address, outerPort, known, tls())
  }

  const server = createServer({ allowHalfOpen: true, noDelay: true }, take)
  server.maxConnections = gateLimits.connections
  return {
    server,
    changed({ master }) {
      for (const [joined, to] of open) if (to !== master) joined.cut()
    },
  }
}

export function dialHere({ address, port }: Place): End {
  return plainEnd(inTime(connect({ host: address, port, allowHalfOpen: true, noDelay: true }), 'connect'))
}

function dialThere(host: string, port: number, known: MachinesView, material: TlsMaterial): End {
  const way = connect({ host, port, allowHalfOpen: true, noDelay: true })
  const socket = connectTls({
    socket: way,
    ...material,
    minVersion: 'TLSv1.3',
    // Machines are known by their names in the list, not by where they are.
    checkServerIdentity: (_host, certificate) =>
      believed(certificate, known)?.name === known.master
        ? undefined
        : new Error(`${host}:${port} does not show the certificate of ${known.master}`),
  })
  way.on('error', (error) => socket.destroy(error))
  return { socket: inTime(socket, 'secureConnect'), reset: () => void way.resetAndDestroy() }
}

function inTime(socket: Socket, connected: 'connect' | 'secureConnect'): Socket {
  const timer = setTimeout(() => socket.destroy(), gateLimits.connectMs)
  for (const end of [connected, 'close']) socket.once(end, () => clearTimeout(timer))
  return socket
}
