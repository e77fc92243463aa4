import type { Socket } from 'node:net'
import type { ProxyParts } from './parts.ts'
import type { Door, Route } from './route.ts'
import { openSharedPort, type SharedPort } from './shared-port.ts'

/** A route, and the port on which its VIP really answers: host names are served on the same. */
export interface PortRoute {
  readonly route: Route
  readonly port: number
}

/** Every port at which host names are served on 127.0.0.1. */
export interface SharedPorts {
  /** Ports that are open lead to these routes from the call on. */
  lead(routes: readonly PortRoute[]): void
  /** Opens and closes ports as these routes need it. A port that cannot be opened is logged: the VIP is enough. */
  open(routes: readonly PortRoute[]): Promise<void>
  close(): void
}

export function openSharedPorts(
  address: string,
  serveHttp: (client: Socket, door: Door, first: Buffer) => void,
  parts: ProxyParts,
): SharedPorts {
  const open = new Map<number, SharedPort>()

  function byPort(routes: readonly PortRoute[]): ReadonlyMap<number, readonly PortRoute[]> {
    const named = routes.filter(({ route }) => isNamed(route) && route.endpoint.vip !== address)
    return Map.groupBy(named, ({ port }) => port)
  }

  function lead(routes: readonly PortRoute[]): void {
    const wanted = byPort(routes)
    for (const [port, shared] of open) shared.lead((wanted.get(port) ?? []).map(({ route }) => route))
  }

  return {
    lead,
    async open(routes) {
      const wanted = byPort(routes)
      for (const [port, shared] of open)
        if (!wanted.has(port)) {
          shared.close()
          open.delete(port)
        }
      for (const port of wanted.keys())
        if (!open.has(port))
          await openSharedPort(address, port, serveHttp, parts).then(
            (shared) => shared && open.set(port, shared),
            (error: Error) => tell(port, error),
          )
      lead(routes)
    },
    close() {
      for (const shared of open.values()) shared.close()
      open.clear()
    },
  }

  function tell(port: number, error: Error): void {
    parts.log.warn(`port ${port} of ${address}`, `host names are not served on ${address}:${port}: ${error.message}`)
  }
}

function isNamed({ endpoint }: Route): boolean {
  return endpoint.hostNames.length > 0 && (endpoint.protocol === 'http' || endpoint.protocol === 'https')
}
