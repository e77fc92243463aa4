import { resolve } from 'node:path'
import ssh2, { type SFTPWrapper } from 'ssh2'
import type { Answers } from './answers.ts'
import { serveOpened } from './serve-opened.ts'
import { servePaths } from './serve-paths.ts'
import { taken } from './taken.ts'

const { STATUS_CODE } = ssh2.utils.sftp

/** What one client may have under way: OpenSSH's own have 64 requests, each of 32 KiB or a little more. Origin: choice. */
const most = { requests: 1_024, bytes: 16 * 1024 * 1024 } as const

/** Serves the files that this process's own account may have, for `sftp` and `scp` (draft-ietf-secsh-filexfer-02). */
export function serveFiles(sftp: SFTPWrapper, home: string): void {
  const waiting = { requests: 0, bytes: 0 }
  let last = Promise.resolve()
  const answers: Answers = {
    at: (path) => resolve(home, path),
    answer(id, work, bytes = 0) {
      waiting.requests += 1
      waiting.bytes += bytes
      if (waiting.requests > most.requests || waiting.bytes > most.bytes) return sftp.end()
      last = last
        .then(() => taken(sftp))
        .then(work)
        .then(
          (how) => void (how === 'answered' || sftp.status(id, STATUS_CODE.OK)),
          (error: NodeJS.ErrnoException) => {
            sftp.status(id, codeOf(error), error.message)
          },
        )
        .then(() => {
          waiting.requests -= 1
          waiting.bytes -= bytes
        })
    },
  }
  sftp.once('end', () => void last.then(() => end(sftp)))
  servePaths(sftp, answers)
  serveOpened(sftp, answers)
}

/** ssh2 gives every other channel an `exit`, but not this one: to scp a channel that ends without it is a failure. */
interface Ending {
  readonly outgoing: { readonly id: number }
  readonly _protocol: { exitStatus(channel: number, code: number): void }
}

/** A client that has requested all that it wanted gets a success. */
function end(sftp: SFTPWrapper): void {
  const { outgoing, _protocol } = sftp as unknown as Ending
  _protocol.exitStatus(outgoing.id, 0)
  sftp.end()
}

function codeOf({ code }: NodeJS.ErrnoException): number {
  if (code === 'ENOENT') return STATUS_CODE.NO_SUCH_FILE
  return code === 'EACCES' || code === 'EPERM' || code === 'EROFS' ? STATUS_CODE.PERMISSION_DENIED : STATUS_CODE.FAILURE
}
