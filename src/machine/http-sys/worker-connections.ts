import { Agent } from 'node:http'
import { wireSocket } from '../../role/contract/web-wire.ts'
import { type WorkerWire, wireTo } from './worker-wire.ts'

/** The connections to one w3wp, and what is in flight there. */
export interface WorkerConnections {
  readonly socketPath: string
  readonly agent: Agent
  readonly wire: WorkerWire
  /** A request goes there; the answer is called when it is over. */
  readonly begin: () => () => void
  /** Resolves when nothing is in flight; idle connections end then. */
  readonly idle: () => Promise<void>
  /** Since when nothing has been in flight; undefined while something is. */
  readonly idleSince: () => number | undefined
}

/** For a w3wp that listens at that path. */
export function connectionsTo(socketPath: string): WorkerConnections {
  const agent = new Agent({ keepAlive: true })
  const wire = wireTo(wireSocket(socketPath))
  const atRest: (() => void)[] = []
  let inFlight = 0
  let since = Date.now()

  function settle(): void {
    if (inFlight > 0 || atRest.length === 0) return
    agent.destroy()
    wire.close()
    for (const resolve of atRest.splice(0)) resolve()
  }

  return {
    socketPath,
    agent,
    wire,
    begin() {
      inFlight += 1
      let isOver = false
      return () => {
        if (isOver) return
        isOver = true
        inFlight -= 1
        since = Date.now()
        settle()
      }
    },
    idle: () =>
      new Promise((resolve) => {
        atRest.push(resolve)
        settle()
      }),
    idleSince: () => (inFlight > 0 ? undefined : since),
  }
}
