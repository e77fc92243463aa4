import { availableParallelism } from 'node:os'

/** Processes that accept, the balancer's own included. Origin: choice; guests and clients want the other processors, and one takes some 4,000 new connections a second. */
const processes = 4

/** How many workers a balancer has on this machine: with each processor but its own one, and none where there is one. */
export function workerCount(): number {
  return Math.min(availableParallelism(), processes) - 1
}
