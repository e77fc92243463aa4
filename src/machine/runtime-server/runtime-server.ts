import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { readCurrentState, type StatusLease } from '../../role/contract/current-state.ts'
import { ownProtocol, publishedProtocol, writeDiscovery } from '../../role/contract/discovery.ts'
import type { RoleGoal } from '../../role/contract/goal-state.ts'
import type { ClientMessage, ServerMessage } from '../../role/contract/messages.ts'
import { readClientMessage } from '../../role/contract/read-message.ts'
import { type JsonLines, serveJsonLines } from '../guest-os/json-lines.ts'
import { serveFiles } from './file-endpoints.ts'
import { serveStreams } from './stream-endpoints.ts'

/** Events at the endpoints. */
export interface RuntimeListener {
  readonly connected: (client: string, protocol: 'published' | 'own') => void
  readonly gone: (client: string) => void
  readonly said: (client: string, message: ClientMessage) => void
  readonly lease: (report: StatusLease) => void
  /** A document that is no current state, or a line that is no message, was dropped (role-runtime.md 6, rule 3). */
  readonly dropped: (document: string) => void
}

/** The server side of the role runtime (role-runtime.md 2): it opens before the startup tasks and ends with its process. */
export interface RuntimeServer {
  /** Value of `WaRuntimeEndpoint`. */
  readonly versionEndpoint: string
  /** Sends it to every client of the published protocol, present and future. */
  readonly publish: (goal: RoleGoal) => void
  readonly send: (clients: readonly string[], message: ServerMessage) => void
}

export interface RuntimeOptions {
  /** Directory of the endpoints, 0700: the protocol has no credentials (role-runtime.md 2.2). */
  readonly directory: string
  readonly names: {
    readonly version: string
    readonly goalState: string
    readonly currentState: string
    readonly own: string
  }
  readonly flavour: 'stream' | 'file'
  readonly goal: RoleGoal
  readonly listener: RuntimeListener
}

/** Longest path of a socket: longer ones are cut silently (role-runtime.md 2.2). */
const socketPathLimitBytes = 107

/** Opens all endpoints; resolves when they answer. Throws when the directory's name is too long for sockets. */
export async function startRuntimeServer({
  directory,
  names,
  flavour,
  goal,
  listener,
}: RuntimeOptions): Promise<RuntimeServer> {
  const at = (name: string) => join(directory, name)
  if (Buffer.byteLength(at(names.version)) > socketPathLimitBytes)
    throw new Error(
      `the run directory ${directory} is too long for sockets: ${socketPathLimitBytes} bytes are the limit of a path`,
    )
  const discovery = writeDiscovery({ [publishedProtocol]: at(names.goalState), [ownProtocol]: at(names.own) })
  const paths = { version: at(names.version), goalState: at(names.goalState), currentState: at(names.currentState) }
  for (const path of Object.values(paths)) rmSync(path, { force: true })
  const state = (document: string) => {
    const report = readCurrentState(document)
    if (report) listener.lease(report)
    else listener.dropped(document)
  }
  const serve = flavour === 'stream' ? serveStreams : serveFiles
  const published = await serve({ paths, discovery, goal, listener, state })
  const own = await serveOwn(at(names.own), goal, listener)
  return {
    versionEndpoint: paths.version,
    publish(next) {
      published.publish(next)
      own.publish(next)
    },
    send: (clients, message) => own.send(clients, message),
  }
}

async function serveOwn(path: string, first: RoleGoal, listener: RuntimeListener) {
  const lines = new Map<string, JsonLines>()
  let goal = first
  let count = 0
  await serveJsonLines(path, (line) => {
    const client = `own ${++count}`
    lines.set(client, line)
    line.send({
      kind: 'environment',
      incarnation: goal.incarnation,
      path: goal.roleEnvironmentPath,
    } satisfies ServerMessage)
    listener.connected(client, 'own')
    return {
      said(value) {
        const message = readClientMessage(value)
        if (message) listener.said(client, message)
        else listener.dropped(JSON.stringify(value))
      },
      gone() {
        lines.delete(client)
        listener.gone(client)
      },
    }
  })
  return {
    publish: (next: RoleGoal) => void (goal = next),
    send(clients: readonly string[], message: ServerMessage) {
      for (const client of clients) lines.get(client)?.send(message)
    },
  }
}
