import type { Socket } from 'node:net'
import { currentStateLimits } from '../../role/contract/current-state.ts'
import { chunkOf, type RoleGoal, writeRoleGoal } from '../../role/contract/goal-state.ts'
import { type PublishedEndpoints, type PublishedOptions, serveSocket } from './published-endpoints.ts'

/** A client that meets two chunks in one read loses the second (role-runtime.md 4.2, rule 3). */
const betweenChunksMs = 1_000

/** The three endpoints as Unix stream sockets: what the Node client opens (role-runtime.md 2.2). */
export async function serveStreams(options: PublishedOptions): Promise<PublishedEndpoints> {
  const { paths, discovery, listener, state } = options
  const followers = new Set<(chunk: string) => void>()
  let count = 0
  let chunk = chunkFor(options.goal)
  await serveSocket(paths.version, (socket) => {
    socket.on('error', () => {})
    socket.end(discovery)
  })
  await serveSocket(paths.goalState, (socket) => {
    const client = `published ${++count}`
    const tell = teller(socket)
    followers.add(tell)
    tell(chunk)
    listener.connected(client, 'published')
    // Input of a client is ignored here; a client that only reads disconnects after the first chunk.
    socket.resume()
    socket.on('error', () => {})
    socket.once('close', () => {
      followers.delete(tell)
      listener.gone(client)
    })
  })
  await serveSocket(paths.currentState, (socket) => readDocument(socket, state))

  function chunkFor(goal: RoleGoal): string {
    return chunkOf(writeRoleGoal(goal, paths.currentState))
  }

  return {
    publish(goal) {
      chunk = chunkFor(goal)
      for (const tell of followers) tell(chunk)
    },
  }
}

/** Writes each chunk whole, never two within a second; of several that wait the newest is sent. */
function teller(socket: Socket): (chunk: string) => void {
  let notBefore = 0
  let waiting: string | undefined
  const send = (chunk: string) => {
    notBefore = performance.now() + betweenChunksMs
    socket.write(chunk)
  }
  return (chunk) => {
    if (waiting === undefined && performance.now() >= notBefore) return send(chunk)
    if (waiting === undefined)
      setTimeout(() => {
        const newest = waiting as string
        waiting = undefined
        send(newest)
      }, notBefore - performance.now())
    waiting = chunk
  }
}

/** One document to the end of the stream, within the limits of size and time. */
function readDocument(socket: Socket, take: (document: string) => void): void {
  let document = ''
  socket.setEncoding('utf8')
  socket.setTimeout(currentStateLimits.milliseconds, () => socket.destroy())
  socket.on('error', () => {})
  socket.on('data', (part: string) => {
    document += part
    if (document.length > currentStateLimits.bytes) socket.destroy()
  })
  socket.once('end', () => take(document))
}
