import type { SocketHandle } from '../../ports/held-ports.ts'
import type { ProxyParts } from './parts.ts'
import { candidatePorts } from './ports.ts'
import type { Route } from './route.ts'

/** A port that answers. */
export interface Listening {
  readonly port: number
  /** For the PortHolder. */
  readonly socket: SocketHandle
  /** Stops answering at once; connections that came in before go on. */
  close(): void
}

/** One declared port of one address, over all the tables that name it: a VIP swap gives it another route, and it never stops answering. */
export interface Entrance {
  readonly route: () => Route | undefined
  /** The port that answers, or did when one last had to; the one asked for before that. */
  port(): number
  /**
   * Leads to this route from the call on. The port answers only while some member takes new work (L-11). Resolves when it
   * answers, or need not; with a sentence when no port could be opened. `declared` are the ports of other endpoints.
   */
  lead(route: Route | undefined, declared: ReadonlySet<number>): Promise<string | undefined>
  /** Stops answering for good; connections that came in before go on to its route. Resolves when nothing answers. */
  close(): Promise<void>
}

/** Another program has the port, or we have no right to it: the next one is tried. */
const movable: ReadonlySet<string | undefined> = new Set(['EADDRINUSE', 'EACCES'])

/**
 * `open` rejects with the system's error when the port cannot be opened; with a socket it uses what is bound already. `key` names
 * the port to the process that holds it beyond this one.
 */
export function makeEntrance(
  key: string,
  address: string,
  asked: number,
  open: (port: number, socket?: SocketHandle) => Promise<Listening>,
  { held, limits }: Pick<ProxyParts, 'held' | 'limits'>,
): Entrance {
  let route: Route | undefined
  let listening: Listening | undefined
  let lastPort: number | undefined
  let work: Promise<unknown> = Promise.resolve()

  async function follow(declared: ReadonlySet<number>): Promise<string | undefined> {
    if (!route || route.open.length === 0) {
      if (!listening) return undefined
      listening.close()
      listening = undefined
      held.release(key)
      return undefined
    }
    if (listening) return undefined
    const earlier = held.take(key)
    if (earlier)
      try {
        listening = await open(earlier.port, earlier.socket)
        lastPort = earlier.port
        return undefined
      } catch (error) {
        // It is this address's trouble alone: a rejection would keep all others from being served, now and with every table to come.
        held.release(key)
        return `Port ${earlier.port} of ${address}, which was open already, does not answer: ${(error as Error).message}.`
      }
    if (!held.binds) return `Port ${asked} of ${address} is not open.`
    const candidates = candidatePorts(asked, declared, limits.portTries)
    // A port that was had before comes first: clients know it.
    const ports = lastPort === undefined ? candidates : [lastPort, ...candidates.filter((port) => port !== lastPort)]
    for (const port of ports)
      try {
        listening = await open(port)
        held.hold(key, listening)
        lastPort = port
        return undefined
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        if (!movable.has(code))
          return `Port ${asked} of ${address} cannot be opened: ${(error as Error).message}. The address must belong to this machine.`
      }
    return `Port ${asked} of ${address} cannot be opened, nor any of ${ports.length - 1} others up to ${ports.at(-1)}: all are in use. Free one of them.`
  }

  return {
    route: () => route,
    port: () => lastPort ?? asked,
    lead(next, declared) {
      route = next
      // Closing must not wait for an opening that hangs, but must follow it: one after the other.
      const answer = work.then(() => follow(declared))
      work = answer
      return answer
    },
    close: () =>
      work.then(() => {
        listening?.close()
        listening = undefined
      }),
  }
}
