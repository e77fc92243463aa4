import { createServer, type Server, type Socket } from 'node:net'
import type { RoleGoal } from '../../role/contract/goal-state.ts'
import { listening } from '../guest-os/json-lines.ts'

/** The endpoints that a flavour serves in its own way. */
export interface PublishedEndpoints {
  readonly publish: (goal: RoleGoal) => void
}

export interface PublishedOptions {
  readonly paths: { readonly version: string; readonly goalState: string; readonly currentState: string }
  readonly discovery: string
  readonly goal: RoleGoal
  readonly listener: {
    readonly connected: (client: string, protocol: 'published') => void
    readonly gone: (client: string) => void
  }
  /** Takes one document that came to the current state endpoint. */
  readonly state: (document: string) => void
}

/** A server for one stream socket; resolves when it listens. */
export function serveSocket(path: string, accept: (socket: Socket) => void): Promise<Server> {
  return listening(createServer(accept), path)
}
