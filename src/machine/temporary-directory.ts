import { createHash } from 'node:crypto'
import { lstatSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { identityOf } from './process.ts'

/** A directory of this process alone, which goes when it is disposed of or the process ends. */
export interface TemporaryDirectory extends Disposable {
  readonly path: string
}

/**
 * Where a number means the same process: a directory may be shared by machines, and by containers. Without a name of its own
 * a process of another one would seem to have ended.
 */
const place = createHash('sha256')
  .update(`${hostname()} ${readlinkSync('/proc/self/ns/pid')}`)
  .digest('hex')
  .slice(0, 8)

const named = new RegExp(`^\\.reddog-${place}-(\\d+)-(\\d+)-`)

/**
 * Makes a directory in this one, mode 0700. Its name says whose it is: of what processes of this user have left there that were
 * killed, nothing stays. Throws the system's error.
 */
export function temporaryDirectory(within: string): TemporaryDirectory {
  sweep(within)
  const path = mkdtempSync(join(within, `.reddog-${place}-${process.pid}-${identityOf(process.pid)?.startTime}-`))
  const remove = () => rmSync(path, { recursive: true, force: true })
  process.once('exit', remove)
  return {
    path,
    [Symbol.dispose]() {
      process.off('exit', remove)
      remove()
    },
  }
}

function sweep(within: string): void {
  for (const name of readdirSync(within)) {
    const [, pid, startTime] = named.exec(name) ?? []
    if (pid === undefined || identityOf(Number(pid))?.startTime === startTime) continue
    const path = join(within, name)
    // Where others may write too nothing is removed but what is this user's own.
    if (lstatSync(path, { throwIfNoEntry: false })?.uid === process.getuid?.())
      rmSync(path, { recursive: true, force: true })
  }
}
