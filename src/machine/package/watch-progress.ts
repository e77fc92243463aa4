import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Looks in one `stallMs`. */
const looks = 4

/** Kills a process that has neither used its processor nor read or written anything for `stallMs`. */
export function watchProgress(child: ChildProcess, stallMs: number): { readonly stop: () => void } {
  let seen = progressOf(child.pid)
  let unchanged = 0
  const timer = setInterval(() => {
    const now = progressOf(child.pid)
    unchanged = now === seen ? unchanged + 1 : 0
    seen = now
    if (unchanged >= looks) child.kill('SIGKILL')
  }, stallMs / looks)
  return { stop: () => clearInterval(timer) }
}

/** Values that change as long as a process makes progress: its processor time (fields 14 and 15 of stat), and the bytes that it moved. */
function progressOf(pid: number | undefined): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
    return [user, system, readFileSync(`/proc/${pid}/io`, 'latin1')].join(' ')
  } catch {
    // It has ended, or this system does not report the values; then only its end counts.
    return Math.random().toString()
  }
}
