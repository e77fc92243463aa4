import type { WriteStream } from 'node:tty'
import { exitCodes } from './failure.ts'

/** Ends the process when nobody reads any more what it writes: quietly, with the exit code of SIGPIPE, as other programs do. What was asked of the fabric goes on. */
export function endWithReader(streams: readonly WriteStream[]): void {
  for (const stream of streams)
    stream.on('error', ({ code }: NodeJS.ErrnoException) =>
      process.exit(code === 'EPIPE' ? exitCodes.closedPipe : exitCodes.notDone),
    )
}
