import type { PoolDoor, PoolDoors } from '../../guest/contract/pool-door.ts'
import { poolDefaults } from '../../service-model/application-host/application-host.ts'
import { type Refusal, refusals } from './refusals.ts'

export type Admission = { readonly process: number } | { readonly refused: Refusal }

/** The requests that wait for a process of their pool. */
export interface RequestQueues {
  /** Waiting requests go to the new doors, in the order in which they came. */
  readonly setDoors: (doors: PoolDoors) => void
  /**
   * Calls `admitted` once, at once where it can be. `avoid`: a process that has ended; the request waits for another. The returned function
   * takes the request out of the queue.
   */
  readonly enter: (pool: string, admitted: (admission: Admission) => void, avoid?: number) => () => void
  /** How many wait. */
  readonly waiting: () => number
}

interface Waiting {
  readonly admitted: (admission: Admission) => void
  readonly avoid?: number | undefined
}

/** `wanted`: a request waits, and no process serves its pool. */
export function requestQueues(wanted: (pool: string) => void): RequestQueues {
  let doors: PoolDoors = new Map()
  const queues = new Map<string, Set<Waiting>>()

  function pass(pool: string): void {
    const queue = queues.get(pool)
    if (!queue) return
    for (const waiting of queue) {
      const admission = admissionBy(doors.get(pool), waiting)
      if (!admission) continue
      queue.delete(waiting)
      waiting.admitted(admission)
    }
    if (queue.size === 0) queues.delete(pool)
    else if (doors.get(pool)?.kind === 'waiting') wanted(pool)
  }

  return {
    setDoors(now) {
      doors = now
      const waitedFor = [...queues.keys()]
      for (const pool of waitedFor) pass(pool)
    },
    enter(pool, admitted, avoid) {
      const waiting = { admitted, avoid }
      const door = doors.get(pool)
      const queue = queues.get(pool) ?? new Set()
      const isFull = queue.size >= (door?.queueLength ?? poolDefaults.queueLength)
      const admission = admissionBy(door, waiting) ?? (isFull ? { refused: refusals.queueFull } : undefined)
      if (admission) {
        admitted(admission)
        return () => {}
      }
      queues.set(pool, queue.add(waiting))
      if (door?.kind === 'waiting') wanted(pool)
      return () => void queue.delete(waiting)
    },
    waiting: () => [...queues.values()].reduce((sum, { size }) => sum + size, 0),
  }
}

/** Undefined: the request waits, as it does for a pool that has just been configured. */
function admissionBy(door: PoolDoor | undefined, { avoid }: Waiting): Admission | undefined {
  if (door?.kind === 'off') return { refused: refusals.offline }
  return door?.kind === 'open' && door.process !== avoid ? { process: door.process } : undefined
}
