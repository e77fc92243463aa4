import type { Socket } from 'node:net'
import type { Log } from '../../kernel/log.ts'
import type { GuestDriver, GuestPlace } from '../guest/driver.ts'
import type { WireDesk } from './desk.ts'
import type { WireListener } from './wire-server.ts'
import { serveHostPlugin, serveWire } from './wire-server.ts'

/** The wire servers of all guests of a host, on ports of one address. */
export interface WireServers {
  /** Returns the port; 0 takes any free one. Rejects when it cannot be had. */
  listen(guest: GuestPlace, port: number): Promise<number>
  /** Quietly nothing when there is none. */
  unlisten(containerId: string): Promise<void>
}

export async function openWireServers(
  address: string,
  deskOf: (containerId: string) => WireDesk,
  isGuest: GuestDriver['isGuest'],
  log: Log,
): Promise<WireServers> {
  const listeners = new Map<string, WireListener>()
  await serveHostPlugin(address).catch((error: Error) =>
    log.warn(`no answer on the host plugin's port, which agents of another make try: ${error.message}`),
  )
  return {
    async listen(guest, port) {
      const { containerId } = guest
      const owned = (socket: Socket) => isGuest(guest, socket)
      const listener = await serveWire({ containerId, address, port, isGuest: owned, desk: deskOf(containerId), log })
      listeners.set(containerId, listener)
      return listener.port
    },
    async unlisten(containerId) {
      await listeners.get(containerId)?.close()
      listeners.delete(containerId)
    },
  }
}
