import type { SendHandle } from 'node:child_process'
import type { Server } from 'node:net'

/** A bound socket in the form in which Node passes it between processes: nothing accepts on it, or reads, by itself. */
export interface SocketHandle {
  close(): void
}

export type PortProtocol = 'tcp' | 'udp'

export interface HeldPort {
  readonly port: number
  readonly socket: SocketHandle
}

/** Messages between the two processes over their channel; `held` and `hold` come with their socket. */
export type HolderWord =
  | { readonly kind: 'held'; readonly key: string; readonly port: number }
  /** That was all that is held. */
  | { readonly kind: 'all' }
  /** A newer run starts: without its holder this process would not know of it. */
  | { readonly kind: 'successor' }
  /** No earlier run takes anything in any more. */
  | { readonly kind: 'alone' }
  /** A newer run serves: this one takes nothing new in, and ends. */
  | { readonly kind: 'superseded' }
  /** Comes with its socket. */
  | { readonly kind: 'opened'; readonly asked: number }
  | { readonly kind: 'refused'; readonly asked: number; readonly code: string | undefined; readonly message: string }

export type HeldWord =
  | { readonly kind: 'hold'; readonly key: string; readonly port: number }
  | { readonly kind: 'release'; readonly key: string }
  | { readonly kind: 'serving' }
  | {
      readonly kind: 'open'
      readonly asked: number
      readonly protocol: PortProtocol
      readonly address: string
      readonly port: number
    }

/** Ports that another process knows too. */
export interface KnownPorts {
  /** Whether this process may bind others. */
  readonly binds: boolean
  /** Has another process bind a port, in its own network; rejects with the system's error when it cannot be had. Absent where this process does so itself. */
  readonly open?: ((protocol: PortProtocol, address: string, port: number) => Promise<SocketHandle>) | undefined
  /** The port that another process had, or has, under this key, once. */
  take(key: string): HeldPort | undefined
  hold(key: string, held: HeldPort): void
  /** The port is to be closed for everybody. */
  release(key: string): void
  /** Releases ports that this process could have taken and has not. */
  releaseRest(): void
}

/**
 * Ports that the PortHolder holds open beyond this process: while no process accepts, connections wait in the kernel instead of
 * being refused. A process without a holder above it holds nothing.
 */
export interface HeldPorts extends KnownPorts {
  /** Everything has arrived that is held for this process: for a spare, when its turn has come. */
  readonly arrived: Promise<void>
  /** Reports that this run serves. Resolves when it is the only one that does. */
  serving(): Promise<void>
  /** From here on nothing that this process closes is released. */
  leave(): void
  /** Reports that this run accepts nothing more. */
  left(): void
}

export const nothingHeld: HeldPorts = {
  binds: true,
  arrived: Promise.resolve(),
  take: () => undefined,
  hold() {},
  release() {},
  releaseRest() {},
  serving: () => Promise.resolve(),
  leave() {},
  left() {},
}

/**
 * What is held for this process, once it has arrived. `superseded` is called when a newer run serves. When its holder ends, a
 * process serves on, until it is asked to end so that the next holder can have these ports; a spare ends, and so does a run that
 * has a successor. `elsewhere`: the holder binds, because this process lives in another network.
 */
export function openHeldPorts(superseded: () => void, elsewhere = false): HeldPorts {
  if (!process.send) return nothingHeld
  const earlier = new Map<string, HeldPort>()
  const arrived = Promise.withResolvers<void>()
  const alone = Promise.withResolvers<void>()
  const asked: PromiseWithResolvers<SocketHandle>[] = []
  let leaving = false
  let isSpare = true
  let hasSuccessor = false
  process.on('message', (word: HolderWord, socket: unknown) => {
    if (word.kind === 'held') earlier.set(word.key, { port: word.port, socket: socket as SocketHandle })
    else if (word.kind === 'all') {
      isSpare = false
      arrived.resolve()
    } else if (word.kind === 'alone') alone.resolve()
    else if (word.kind === 'successor') hasSuccessor = true
    else if (word.kind === 'opened') asked[word.asked]?.resolve(socket as SocketHandle)
    else if (word.kind === 'refused')
      asked[word.asked]?.reject(Object.assign(new Error(word.message), { code: word.code }))
    else superseded()
  })
  process.once('disconnect', () => {
    if (isSpare) process.exit(0)
    if (hasSuccessor && !leaving) superseded()
    alone.resolve()
    for (const { reject } of asked) reject(new Error('The PortHolder has ended.'))
  })

  function say(word: HeldWord, socket?: SocketHandle): void {
    // 'disconnect' reports the end of a holder.
    if (!leaving && process.connected) process.send?.(word, sendable(socket), {}, () => {})
  }
  function release(key: string): void {
    say({ kind: 'release', key })
  }

  function open(protocol: PortProtocol, address: string, port: number): Promise<SocketHandle> {
    const answer = Promise.withResolvers<SocketHandle>()
    if (process.connected) say({ kind: 'open', asked: asked.push(answer) - 1, protocol, address, port })
    else answer.reject(new Error('The PortHolder has ended.'))
    return answer.promise
  }

  return {
    binds: true,
    open: elsewhere ? open : undefined,
    arrived: arrived.promise,
    take(key) {
      const held = earlier.get(key)
      earlier.delete(key)
      return held
    },
    hold: (key, { port, socket }) => say({ kind: 'hold', key, port }, socket),
    release,
    releaseRest() {
      for (const [key, { socket }] of earlier) {
        socket.close()
        release(key)
      }
      earlier.clear()
    },
    serving() {
      say({ kind: 'serving' })
      return alone.promise
    },
    leave() {
      leaving = true
    },
    left() {
      if (process.connected) process.disconnect()
    },
  }
}

/** Node sends bare handles too, which its types do not show: only those are not listened on where they arrive. */
export function sendable(socket: SocketHandle | undefined): SendHandle {
  return socket as SendHandle
}

/** What `listen` takes as a handle, "anything with an underlying _handle member", seen from the other side. */
export function socketOf(server: Server): SocketHandle {
  return (server as unknown as { readonly _handle: SocketHandle })._handle
}
