import { execFileSync } from 'node:child_process'
import { constants, openSync, renameSync, writeFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { currentStateLimits } from '../../role/contract/current-state.ts'
import { chunkOf, type RoleGoal, writeRoleGoal } from '../../role/contract/goal-state.ts'
import type { PublishedEndpoints, PublishedOptions } from './published-endpoints.ts'

const documentEnd = '</CurrentState>'

/** Files for version and goal state, a FIFO for the current state: what Java and PHP clients open (role-runtime.md 2.3). */
export async function serveFiles({ paths, discovery, goal, state }: PublishedOptions): Promise<PublishedEndpoints> {
  const publish = (next: RoleGoal) => replace(paths.goalState, chunkOf(writeRoleGoal(next, paths.currentState)))
  replace(paths.version, discovery)
  publish(goal)
  execFileSync('mkfifo', ['-m', '600', paths.currentState])
  // Held open for reading and writing, so that it never ends between two writers.
  const fifo = new Socket({ fd: openSync(paths.currentState, constants.O_RDWR | constants.O_NONBLOCK) })
  fifo.setEncoding('utf8')
  let rest = ''
  fifo.on('data', (part: string) => {
    const documents = (rest + part).split(documentEnd)
    rest = (documents.pop() as string).slice(-currentStateLimits.bytes)
    for (const document of documents) state(document.trimStart() + documentEnd)
  })
  return { publish }
}

function replace(path: string, text: string): void {
  const fresh = `${path}.new`
  writeFileSync(fresh, text)
  renameSync(fresh, path)
}
