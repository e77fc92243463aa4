import type { PublicEndpoint } from '../../../fabric/contract/rotation.ts'
import type { KnownPorts, SocketHandle } from '../../ports/held-ports.ts'
import type { Listening } from './entrance.ts'
import type { RareLog } from './rare-log.ts'

/** Listens on the port of an address of this process's network, or on a socket that is bound already. Rejects with the system's error. */
type Listen = (port: number, socket?: SocketHandle) => Promise<Listening>

/**
 * Opens a port of a VIP, with `earlier` on that socket; `key` names it to the PortHolder. Rejects with the system's error when it cannot be
 * opened. Where this process lives in the network of an ordinary user's guests, the PortHolder binds it in the machine's network, and it is
 * opened in theirs too: so guests reach VIPs. A failure there is only logged: clients outside are still served.
 */
export async function openPort(
  key: string,
  { protocol, vip, port }: Pick<PublicEndpoint, 'protocol' | 'vip' | 'port'>,
  listen: Listen,
  { held, log }: { readonly held: KnownPorts; readonly log: RareLog },
  earlier?: SocketHandle,
): Promise<Listening> {
  const outside = await listen(port, earlier ?? (await held.open?.(protocol === 'udp' ? 'udp' : 'tcp', vip, port)))
  const insideKey = `${key} inside`
  const known = held.take(insideKey)
  if (!known && !held.open) return outside
  try {
    const inside = await listen(port, known?.socket)
    if (!known) held.hold(insideKey, inside)
    return {
      ...outside,
      close() {
        outside.close()
        inside.close()
        held.release(insideKey)
      },
    }
  } catch (error) {
    log.warn(insideKey, `guests do not reach ${key}: ${(error as Error).message}`)
    return outside
  }
}
