import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** How often a process looks whether it is at rest. Origin: choice. */
const lookMs = 2_000

/** Processor time within that, in microseconds, up to which it is at rest: requests come one by one, if at all. Origin: choice. */
const restUs = 40_000

/** Processor time since the last collection, in microseconds, below which there is little to collect. Origin: choice. */
const workUs = 500_000

/** As V8 does when memory is short; any less, and the heap keeps its pages. */
const everything = { type: 'major', flavor: 'last-resort' }

/**
 * Has what a load has left collected when it is over: V8 itself lets the heap of a process be that does nothing more. Origin: measured, W3SVC and w3wp
 * have 66 and 75 MB half a minute after a load, and 30 and 34 once they have collected, which stops them for some 60 ms.
 */
export function collectAtRest(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (options: object) => void
  let seen = usedUs()
  let collected = seen
  const look = () => {
    const used = usedUs()
    const isAtRest = used - seen <= restUs
    seen = used
    if (!isAtRest || used - collected < workUs) return
    collect(everything)
    seen = usedUs()
    collected = seen
  }
  setInterval(look, lookMs).unref()
}

function usedUs(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}
