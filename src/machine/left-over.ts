import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { identityOf } from './process.ts'

/** Part of the name of what a process needs for a while: identifies the process. */
export const ownMark = (): string => markOf(process.pid)

/**
 * Removes the files and directories that killed processes of this user have left here. `named` matches their names, and the mark
 * in them as its only group. Throws the system's error.
 */
export function removeLeftOver(within: string, named: RegExp): void {
  for (const name of readdirSync(within)) {
    const mark = named.exec(name)?.[1]
    if (mark === undefined || !isLeft(mark)) continue
    const path = join(within, name)
    // Where others may write too, only this user's own files are removed.
    if (lstatSync(path, { throwIfNoEntry: false })?.uid === process.getuid?.())
      rmSync(path, { recursive: true, force: true })
  }
}

function isLeft(mark: string): boolean {
  const [where, pid] = mark.split('-')
  return where === place() && mark !== markOf(Number(pid))
}

function markOf(pid: number): string {
  return `${place()}-${pid}-${identityOf(pid)?.startTime}`
}

/**
 * Where a number means the same process: a directory may be shared by machines, and by containers. Without a name of its own
 * a process of another one would seem to have ended.
 */
function place(): string {
  const names = `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`
  return createHash('sha256').update(names).digest('hex').slice(0, 8)
}
