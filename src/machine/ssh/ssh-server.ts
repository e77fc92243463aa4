import { createServer, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { type AuthContext, type ClientInfo, type Connection, Server } from 'ssh2'
import type { SshServer } from './reception.ts'
import { type Files, type Run, serveSession } from './session.ts'
import { signInLimits } from './sign-in-limits.ts'

/** A user who asks to sign in. */
export interface Caller {
  readonly name: string
  readonly password: string
  readonly from: string
}

/** A user who has signed in. */
export interface Admitted {
  readonly run: Run
  readonly files?: Files
  /** The connection has ended. */
  readonly gone: () => void
}

export interface SshServerOptions {
  readonly address: string
  readonly port: number
  /** Private key that identifies the server to clients that connect now, PEM. */
  readonly hostKey: () => string
  /** Shown before a password is asked for. */
  readonly banner: string
  /** Undefined: refused. */
  readonly admit: (caller: Caller) => Promise<Admitted | undefined>
}

/** Serves SSH with passwords and sessions alone: no keys, no forwarding of ports, agents or windows. Rejects when the address is taken. */
export function serveSsh({
  address,
  port,
  hostKey,
  banner,
  admit,
}: SshServerOptions): Promise<Pick<SshServer, 'close'>> {
  const sockets = new Set<Socket>()
  const strangers = new Set<Socket>()
  // ssh2 reports a connection once it has sent its version: silent clients must be counted and timed as well.
  const server = createServer((socket) => {
    socket.on('error', () => {})
    if (strangers.size >= signInLimits.strangers) return void socket.destroy()
    for (const all of [sockets, strangers]) all.add(socket)
    const patience = setTimeout(() => socket.destroy(), signInLimits.graceMs)
    const settled = () => {
      clearTimeout(patience)
      strangers.delete(socket)
    }
    socket.once('close', () => {
      settled()
      sockets.delete(socket)
    })
    const meet = (connection: Connection, { ip }: ClientInfo) => {
      // A peer that breaks the protocol ends its connection; `close` reports it.
      connection.on('error', () => {})
      follow(connection, (name, password) => admit({ name, password, from: ip }), settled)
    }
    try {
      new Server({ hostKeys: [hostKey()], banner, ident: 'Reddog' }, meet).injectSocket(socket)
    } catch {
      // Without a key, as on a full disk, nobody can know whom he would sign in at.
      socket.destroy()
    }
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, address, () => {
      // One connection that cannot be taken is nobody else's affair.
      server.on('error', () => {})
      resolve({
        close() {
          server.close()
          for (const socket of sockets) socket.destroy()
        },
      })
    })
  })
}

function follow(
  connection: Connection,
  admit: (name: string, password: string) => Promise<Admitted | undefined>,
  signedIn: () => void,
): void {
  let tries = 0
  let admitted: Admitted | undefined
  let closed = false
  const authenticate = async (context: AuthContext): Promise<void> => {
    if (context.method !== 'password') return context.reject(['password'])
    tries += 1
    if (tries > signInLimits.tries) return void connection.end()
    const found = await admit(context.username, context.password)
    if (closed) return found?.gone()
    if (found) {
      admitted = found
      return context.accept()
    }
    await delay(signInLimits.wrongMs)
    if (!closed) context.reject(['password'])
  }
  connection.on('authentication', (context) => void authenticate(context))
  connection.on('ready', signedIn)
  connection.on('session', (accept) => {
    if (admitted) serveSession(accept(), admitted.run, admitted.files)
  })
  connection.on('close', () => {
    closed = true
    admitted?.gone()
  })
}
