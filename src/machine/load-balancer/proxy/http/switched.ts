import type { Socket } from 'node:net'
import type { MemberConnection, MemberUser } from '../member-connection.ts'
import type { ProxyParts } from '../parts.ts'
import { splice } from '../splice.ts'
import { frameProgress, goingAway, isBetweenFrames, takeFrames } from './frames.ts'

const goodbye = goingAway('the instance is stopping, connect again')

/** A connection that has switched to another protocol: a splice, which its instance does not wait for when it drains (L-19). */
export interface Switched {
  readonly client: Socket
  readonly connection: MemberConnection
  readonly instance: string
  /** A WebSocket: it ends with a close frame. */
  readonly webSocket: boolean
  /** Bytes that the member has sent of the new protocol already, and the client has received. */
  readonly begun: Buffer
}

/** Carries it until both have ended. The request that asked for it counts as in flight until the stream is asked to end. */
export function carrySwitched({ client, connection, instance, webSocket, begun }: Switched, parts: ProxyParts): void {
  const { limits, inFlight } = parts
  const frames = frameProgress()
  /** `asked`: it ends where the frame in flight does. `said`: nothing may follow. */
  let end: 'asked' | 'said' | undefined
  let isCounted = true
  let cut: NodeJS.Timeout | undefined

  splice(client, connection)
  const user = connection.user as MemberUser
  if (webSocket) {
    takeFrames(frames, begun, false)
    connection.user = { ...user, received }
  }
  const forget = parts.streams.begin(instance, tell)
  client.once('close', () => {
    forget()
    clearTimeout(cut)
    leave()
  })

  function received(bytes: Buffer): boolean {
    if (end === 'said') return false
    const taken = takeFrames(frames, bytes, end === 'asked')
    const needed = user.received(bytes.subarray(0, taken))
    if (end === 'asked' && isBetweenFrames(frames)) say()
    return needed
  }

  function tell(): void {
    leave()
    cut = setTimeout(() => {
      // An instance that has not ended its side by now would hold it for as long as it runs.
      connection.socket.resetAndDestroy()
      client.destroySoon()
    }, limits.lingerMs)
    if (!webSocket) {
      client.end()
      connection.socket.end()
    } else if (isBetweenFrames(frames)) say()
    else end = 'asked'
  }

  /** The client answers with a close frame of its own, which informs the member. */
  function say(): void {
    end = 'said'
    if (!frames.closes) client.write(goodbye)
    connection.socket.resume()
  }

  function leave(): void {
    if (isCounted) inFlight.end(instance)
    isCounted = false
  }
}
