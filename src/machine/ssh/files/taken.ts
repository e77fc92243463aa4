import type { SFTPWrapper } from 'ssh2'

/** What ssh2 stores of answers that its client has no room for yet, and what it calls when there is room. */
interface Keeping {
  readonly _buffer: readonly unknown[]
  _chunkcb: (() => void) | undefined
}

/** Resolves when the client has taken all that was sent to it: a client that takes nothing gets no further answers. */
export async function taken(sftp: SFTPWrapper): Promise<void> {
  const keeping = sftp as unknown as Keeping
  while (keeping._buffer.length > 0)
    await new Promise<void>((resolve) => {
      const write = keeping._chunkcb
      keeping._chunkcb = () => {
        write?.call(sftp)
        resolve()
      }
    })
}
