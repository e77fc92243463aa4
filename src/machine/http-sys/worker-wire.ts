import { connect, type Socket } from 'node:net'
import { frameOf, frameReader, frameWriter } from '../../kernel/frames.ts'
import {
  frameKinds,
  readWireHead,
  type WireHead,
  type WireRequest,
  writeWireRequest,
} from '../../role/contract/web-wire.ts'

/**
 * Why an answer does not come, or not all of it: `unopened`: nobody listens at the wire, and nothing was sent; `ended`: the wire has; `alone`: it
 * has, and the process had taken this request and no other, which is likely why; `broken`: the process says so, or what it says cannot be used.
 */
export type WireFailure = 'unopened' | 'ended' | 'alone' | 'broken'

/** Who waits for an answer. After the last piece, or a failure, nothing more comes. */
export interface WireAsker {
  readonly head: (head: WireHead) => void
  readonly piece: (bytes: Buffer, isLast: boolean) => void
  readonly failed: (how: WireFailure) => void
}

/** A request on the wire. */
export interface WireAsked {
  readonly pause: () => void
  readonly resume: () => void
  /** Nobody waits any more. */
  readonly cancel: () => void
}

/** The wire to one w3wp. */
export interface WorkerWire {
  /** Undefined where nobody listens: the request goes by HTTP. */
  readonly ask: (request: WireRequest, asker: WireAsker) => WireAsked | undefined
  /** Ends it; it opens again with the next request. */
  readonly close: () => void
}

interface Open {
  readonly socket: Socket
  readonly send: (frame: Buffer) => void
  readonly askers: Map<number, WireAsker>
}

/** Opens the wire at that path with a request; where nobody has listened there, not again. */
export function wireTo(path: string): WorkerWire {
  let wire: Open | undefined
  let isThere = true
  let last = 0

  function open(): Open {
    const socket = connect(path)
    const askers = new Map<number, WireAsker>()
    const send = frameWriter((bytes) => socket.write(bytes), setImmediate)
    const read = frameReader((kind, number, content) => take(askers, kind, number, content))
    let isMade = false
    socket.once('connect', () => {
      isMade = true
    })
    socket.on('data', (bytes: Buffer) => {
      try {
        read(bytes)
      } catch {
        socket.destroy()
      }
    })
    socket.on('error', () => {})
    // What the process has not read, or cannot any more, is an error (ECONNRESET, EPIPE).
    socket.once('close', (hasError) => {
      isThere &&= isMade
      if (wire === opened) wire = undefined
      const how = askers.size === 1 && !hasError ? 'alone' : 'ended'
      for (const asker of askers.values()) asker.failed(isMade ? how : 'unopened')
    })
    const opened = { socket, send, askers }
    return opened
  }

  return {
    ask(request, asker) {
      if (!isThere) return undefined
      if (!wire?.socket.writable) wire = open()
      const { send, askers } = wire
      last = (last + 1) % 2 ** 32
      const number = last
      askers.set(number, asker)
      send(frameOf(frameKinds.ask, number, writeWireRequest(request)))
      const say = (kind: number) => askers.has(number) && send(frameOf(kind, number))
      return {
        pause: () => say(frameKinds.pause),
        resume: () => say(frameKinds.resume),
        cancel() {
          say(frameKinds.cancel)
          askers.delete(number)
        },
      }
    },
    close: () => wire?.socket.destroy(),
  }
}

/** A frame for a request that nobody waits for any more is passed over; one that its asker cannot use fails that one alone. */
function take(askers: Map<number, WireAsker>, kind: number, number: number, content: Buffer): void {
  const asker = askers.get(number)
  if (!asker) return
  const isOver = kind === frameKinds.last || kind === frameKinds.broken
  if (isOver) askers.delete(number)
  try {
    if (kind === frameKinds.head) asker.head(readWireHead(content.toString()))
    else if (kind === frameKinds.broken) asker.failed('broken')
    else asker.piece(content, isOver)
  } catch {
    // Before it is forgotten: it says to the process that it waits no more.
    asker.failed('broken')
    askers.delete(number)
  }
}
