import type { WriteStream } from 'node:tty'
import { exitCodes } from '../failure.ts'

/**
 * Ends the process when its output has no reader any more: quietly, with the exit code of SIGPIPE, as other programs do. The fabric still carries out
 * the request.
 */
export function endWithReader(streams: readonly WriteStream[]): void {
  for (const stream of streams)
    stream.on('error', ({ code }: NodeJS.ErrnoException) =>
      process.exit(code === 'EPIPE' ? exitCodes.closedPipe : exitCodes.notDone),
    )
}
