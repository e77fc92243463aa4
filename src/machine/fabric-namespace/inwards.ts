import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import type { Log } from '../../kernel/log.ts'
import { searchPath } from '../guest/namespace/tool.ts'
import { bindPort } from '../ports/bind-port.ts'
import { type SocketHandle, sendable } from '../ports/held-ports.ts'
import { enterWords } from './enter.ts'
import type { Inward } from './options.ts'

/** Opens these addresses of the machine inside too: a connection there is passed to the machine's listener. */
export async function openInwards(run: string, program: string, inwards: readonly Inward[], log: Log): Promise<void> {
  const sockets = await boundInside(run, program, inwards)
  for (const [index, inward] of inwards.entries()) {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => passOn(client, inward))
    server.on('error', (error) => log.warn(`${inward.address}:${inward.port} inside: ${error.message}`))
    server.listen(sockets[index])
    await once(server, 'listening')
  }
}

/** In the child that runs there: binds these and sends them up. A socket stays in the network in which it was made, whichever process has it. */
export function sendBound(inwards: readonly Inward[]): void {
  let left = inwards.length
  // The next socket waits for the confirmation that the one before has arrived.
  process.channel?.ref()
  for (const { address, port } of inwards)
    process.send?.('bound', sendable(bindPort('tcp', address, port)), {}, () => {
      left -= 1
      if (left === 0) process.disconnect()
    })
}

/** The sockets come in the order in which they were asked for. */
async function boundInside(run: string, program: string, inwards: readonly Inward[]): Promise<readonly SocketHandle[]> {
  const [file = '', ...words] = enterWords(run)
  const child = spawn(file, [...words, process.execPath, program, JSON.stringify(inwards)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { PATH: searchPath() },
  })
  const sockets: SocketHandle[] = []
  child.on('message', (_word, socket) => sockets.push(socket as unknown as SocketHandle))
  await once(child, 'close')
  if (sockets.length === inwards.length) return sockets
  throw new Error(
    `Inside the namespaces of the fabric no port could be had for ${inwards.map(({ address, port }) => `${address}:${port}`).join(' and ')}.`,
  )
}

function passOn(client: Socket, { address, port }: Inward): void {
  const origin = connect({ host: address, port, allowHalfOpen: true, noDelay: true })
  for (const [from, to] of [
    [client, origin],
    [origin, client],
  ] as const) {
    from.pipe(to)
    // 'close' reports the failure.
    from.on('error', () => {})
    from.on('close', () => from.readableEnded || to.destroy())
  }
}
