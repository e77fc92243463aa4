import dgram from 'node:dgram'
import net from 'node:net'
import { getSystemErrorName } from 'node:util'
import type { PortProtocol, SocketHandle } from './held-ports.ts'

/** What Node's own modules make bound sockets with, which its types do not say: a handle, or the negative number of an error. */
type Bind<Rest extends readonly unknown[]> = (address: string, port: number, ...rest: Rest) => SocketHandle | number
const { _createServerHandle: bindTcp } = net as unknown as { readonly _createServerHandle: Bind<[family: 4]> }
const { _createSocketHandle: bindUdp } = dgram as unknown as { readonly _createSocketHandle: Bind<[type: 'udp4']> }

/** A socket bound to a port, for another process to accept or read on. Throws the system's error, with its `code`, when the port cannot be had. */
export function bindPort(protocol: PortProtocol, address: string, port: number): SocketHandle {
  const bound = protocol === 'tcp' ? bindTcp(address, port, 4) : withoutWarning(() => bindUdp(address, port, 'udp4'))
  if (typeof bound === 'object') return bound
  const code = getSystemErrorName(bound)
  throw Object.assign(new Error(`bind ${code} ${address}:${port}`), { code })
}

/** Node warns a caller that makes or takes a datagram socket's handle, and offers no other way. */
export function withoutWarning<T>(act: () => T): T {
  const { noDeprecation } = process
  process.noDeprecation = true
  try {
    return act()
  } finally {
    process.noDeprecation = noDeprecation ?? false
  }
}
