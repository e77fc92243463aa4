import { createConnection, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { endpointOf, ownProtocol } from '../contract/discovery.ts'
import { type ClientMessage, messageLine, type ServerMessage } from '../contract/messages.ts'

/** A connection to the runtime over `reddog-1`. */
export interface RuntimeConnection {
  /** Resolves when the message has been handed to the system. */
  readonly send: (message: ClientMessage) => Promise<void>
  /** Whether the connection keeps the process alive; at first it does not. */
  readonly hold: (keep: boolean) => void
}

/** Asks the version endpoint for the path of `reddog-1` and connects to it. Rejects when the runtime is not there. */
export async function connectRuntime(
  versionEndpoint: string,
  hello: { readonly host: boolean },
  receive: (message: ServerMessage) => void,
): Promise<RuntimeConnection> {
  const discovery = await readAll(createConnection(versionEndpoint))
  const path = endpointOf(discovery, ownProtocol)
  if (path === undefined) throw new Error(`the runtime at ${versionEndpoint} does not speak ${ownProtocol}`)
  const socket = await connected(createConnection(path))
  socket.unref()
  // A runtime that has ended ends the role by itself; nothing has to be done about it here.
  socket.on('error', () => {})
  createInterface({ input: socket }).on('line', (line) => receive(JSON.parse(line) as ServerMessage))
  const send = (message: ClientMessage) =>
    new Promise<void>((resolve) => void socket.write(messageLine(message), () => resolve()))
  await send({ kind: 'hello', ...hello })
  return { send, hold: (keep) => void (keep ? socket.ref() : socket.unref()) }
}

async function readAll(socket: Socket): Promise<string> {
  let text = ''
  for await (const part of socket.setEncoding('utf8')) text += part
  return text
}

function connected(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket)).once('error', reject)
  })
}
