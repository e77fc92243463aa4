import { availableParallelism, cpus, freemem } from 'node:os'

/** Share of the time of all processors that must be unused before one more file is begun. Origin: choice; measured: the files that take longest use a tenth to a third of one. */
const unusedShare = 0.35

/** Memory that must be there for it, in bytes: three times what a fabric of three machines takes. Origin: measured. */
const leastMemory = 2 * 2 ** 30

/** How many files may run at once beyond the processors. Origin: choice. */
const mostBeyond = 2

/** Whether the machine has time left for one more test file beside those that run, since it was last asked: most of them wait. */
export function openIdleProcessors(): (running: number) => boolean {
  let before = usage()
  return (running) => {
    const now = usage()
    const share = (now.idle - before.idle) / Math.max(1, now.all - before.all)
    before = now
    return running < availableParallelism() + mostBeyond && share >= unusedShare && freemem() >= leastMemory
  }
}

/** Of all processors since the machine began, in milliseconds. */
function usage(): { readonly idle: number; readonly all: number } {
  const times = cpus().map((one) => one.times)
  const all = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0)
  return { idle: times.reduce((sum, { idle }) => sum + idle, 0), all }
}
