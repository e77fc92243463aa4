import type { Socket } from 'node:net'
import { handshakeRecord, readServerName } from './client-hello.ts'
import type { Listening } from './entrance.ts'
import type { ProxyParts } from './parts.ts'
import { type Door, mayCome, type Route } from './route.ts'
import { serveTcpClient } from './tcp-client.ts'
import { listenTcp } from './tcp-listener.ts'

/** A port of 127.0.0.1 that services share: http by Host and https by SNI (design.md 5), distinguished by the first byte. */
export interface SharedPort {
  /** Leads to these routes from the call on. */
  lead(routes: readonly Route[]): void
  close(): void
}

/** Opens one; undefined when this process is not to have it. Rejects with the system's error when the port cannot be had: nobody is entitled to it. */
export async function openSharedPort(
  address: string,
  port: number,
  serveHttp: (client: Socket, door: Door, first: Buffer) => void,
  parts: ProxyParts,
): Promise<SharedPort | undefined> {
  let byName: ReadonlyMap<string, Route> = new Map()
  const door: Door = { shared: true, route: (host) => byName.get(`http ${nameOf(host ?? '')}`) }

  function accept(client: Socket): void {
    client.setTimeout(parts.limits.unroutedIdleMs)
    client.on('timeout', leave)
    client.on('close', () => clearTimeout(late))
    let late: NodeJS.Timeout | undefined
    let came = Buffer.alloc(0)
    client.on('data', read)
    client.on('end', leave)

    function leave(): void {
      client.destroy()
    }
    function read(bytes: Buffer): void {
      came = Buffer.concat([came, bytes])
      if (came[0] !== handshakeRecord) return handOver(() => serveHttp(client, door, came))
      const hello = readServerName(came)
      if (hello === 'more') {
        late ??= setTimeout(leave, parts.limits.headerWaitMs)
        return
      }
      const route = byName.get(`https ${nameOf(hello.name ?? '')}`)
      if (!route || !mayCome(route, client.remoteAddress)) return handOver(() => client.resetAndDestroy())
      parts.led(client, route)
      // What follows waits until there is a member; http reads on at once.
      client.pause()
      handOver(() => serveTcpClient(client, route, parts, came))
    }
    function handOver(serve: () => void): void {
      clearTimeout(late)
      client.off('data', read)
      client.off('end', leave)
      client.off('timeout', leave)
      serve()
    }
  }

  const key = `shared ${address}:${port}`
  const earlier = parts.held.take(key)
  if (!earlier && !parts.held.binds) return undefined
  const socket = earlier?.socket ?? (await parts.held.open?.('tcp', address, port))
  const listening: Listening = await listenTcp(address, port, accept, parts, socket)
  if (!earlier) parts.held.hold(key, listening)
  return {
    lead(routes) {
      byName = new Map(
        routes.flatMap((route) =>
          route.endpoint.hostNames.map((name) => [`${route.endpoint.protocol} ${nameOf(name)}`, route] as const),
        ),
      )
    },
    close() {
      listening.close()
      parts.held.release(key)
    },
  }
}

/** A host name as it is compared: without port, lower case. */
function nameOf(host: string): string {
  return host.replace(/:\d*$/, '').toLowerCase()
}
