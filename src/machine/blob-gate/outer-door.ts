import { createServer, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import type { MachinesView } from '../../fabric/contract/machines.ts'
import type { Log } from '../../kernel/log.ts'
import type { TlsMaterial } from '../http/tls.ts'
import { believed } from './believed.ts'
import { type Door, dialHere } from './inner-door.ts'
import { type Joined, join } from './joined.ts'
import { admitsEach, gateLimits } from './limits.ts'
import type { Place } from './options.ts'

/** The way of other machines to this one's Blob service; open while it is the master's. */
export function outerDoor(parts: {
  readonly machine: string
  readonly service: Place
  readonly view: () => MachinesView | undefined
  readonly tls: TlsMaterial
  readonly log: Log
}): Door & { renew(material: TlsMaterial): void } {
  const { machine, service, view, tls, log } = parts
  const open = new Map<Joined, TLSSocket>()
  const mayPass = (client: TLSSocket, known: MachinesView | undefined) =>
    known?.master === machine && believed(client.getPeerCertificate(), known) !== undefined

  const secure = createTlsServer(
    {
      ...tls,
      requestCert: true,
      minVersion: 'TLSv1.3',
      allowHalfOpen: true,
      handshakeTimeout: gateLimits.connectMs,
    },
    (client) => {
      const reset = () => void ways.get(nameOf(client))?.resetAndDestroy()
      if (mayPass(client, view())) {
        const joined = join({ socket: client, reset }, dialHere(service), () => open.delete(joined))
        open.set(joined, client)
      } else {
        log.warn(`"${String(client.getPeerCertificate().subject?.CN)}" is not let in: ${why(view(), machine)}`)
        client.on('error', () => {})
        reset()
      }
    },
  )
  const admits = admitsEach()
  /** The connections below those of TLS, by their ends. */
  const ways = new Map<string, Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (way) => {
    if (!admits(way)) return void way.resetAndDestroy()
    const name = nameOf(way)
    ways.set(name, way)
    // 'close' reports the failure.
    way.on('error', () => {})
    way.once('close', () => ways.delete(name))
    secure.emit('connection', way)
  })
  server.maxConnections = gateLimits.connections
  return {
    server,
    renew: (material) => secure.setSecureContext({ ...material, minVersion: 'TLSv1.3' }),
    changed(known) {
      for (const [joined, client] of open) if (!mayPass(client, known)) joined.cut()
    },
  }
}

function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress}:${remotePort}`
}

function why(view: MachinesView | undefined, machine: string): string {
  if (!view) return 'the machines of the fabric are not known yet'
  return view.master === machine
    ? 'it is none of the machines of the fabric'
    : `${view.master} is master, not ${machine}`
}
