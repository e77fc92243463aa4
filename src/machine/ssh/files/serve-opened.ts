import { constants } from 'node:fs'
import { type FileHandle, open, readdir } from 'node:fs/promises'
import ssh2, { type SFTPWrapper } from 'ssh2'
import type { Answers } from './answers.ts'
import { attributesOf, change, entryOf } from './attributes.ts'

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp

/** Files and directories that one client may have open, and what it gets of them at once. Origin: choice, as OpenSSH has them. */
const limits = { open: 100, readBytes: 256 * 1024, entries: 100 } as const

/** An open file, or the names of a directory that have not been sent yet. */
type Opened = { readonly file: FileHandle } | { readonly directory: string; readonly names: string[] }

/** Requests that open a file or a directory, and those that use the open ones. */
export function serveOpened(sftp: SFTPWrapper, { at, answer }: Answers): void {
  const table = openTable()
  const opening = (id: number, opened: () => Promise<Opened>) =>
    answer(id, async () => {
      if (table.all.size >= limits.open) throw new Error(`At most ${limits.open} files are open at once.`)
      sftp.handle(id, table.add(await opened()))
      return 'answered'
    })
  sftp.on('OPEN', (id, path, flags, { mode }) =>
    opening(id, async () => ({ file: await open(at(path), systemFlags(flags), mode) })),
  )
  sftp.on('OPENDIR', (id, path) =>
    opening(id, async () => ({ directory: at(path), names: ['.', '..', ...(await readdir(at(path)))] })),
  )
  sftp.on('READ', (id, handle, offset, length) =>
    answer(id, async () => {
      const piece = Buffer.alloc(Math.min(length, limits.readBytes))
      const { bytesRead } = await table.file(handle).read(piece, 0, piece.length, offset)
      if (bytesRead === 0) sftp.status(id, STATUS_CODE.EOF)
      else sftp.data(id, piece.subarray(0, bytesRead))
      return 'answered'
    }),
  )
  sftp.on('WRITE', (id, handle, offset, data) => answer(id, () => write(table.file(handle), data, offset), data.length))
  sftp.on('READDIR', (id, handle) =>
    answer(id, async () => {
      const { directory, names } = table.directory(handle)
      const told = names.splice(0, limits.entries)
      if (told.length === 0) sftp.status(id, STATUS_CODE.EOF)
      else sftp.name(id, await Promise.all(told.map((name) => entryOf(directory, name))))
      return 'answered'
    }),
  )
  sftp.on('FSTAT', (id, handle) =>
    answer(id, async () => {
      sftp.attrs(id, attributesOf(await table.file(handle).stat()))
      return 'answered'
    }),
  )
  sftp.on('FSETSTAT', (id, handle, wanted) =>
    answer(id, async () => {
      await change(`/proc/self/fd/${table.file(handle).fd}`, wanted)
      return 'done'
    }),
  )
  sftp.on('CLOSE', (id, handle) => answer(id, () => table.close(handle).then(() => 'done')))
  sftp.once('close', () => void table.closeAll())
}

async function write(file: FileHandle, data: Buffer, offset: number): Promise<'done'> {
  // The system may take a part.
  for (let done = 0; done < data.length; )
    done += (await file.write(data, done, data.length - done, offset + done)).bytesWritten
  return 'done'
}

/** The flags of SFTP, in any combination, as the system's. */
function systemFlags(flags: number): number {
  const has = (flag: number) => (flags & flag) !== 0
  const access = has(OPEN_MODE.WRITE)
    ? has(OPEN_MODE.READ)
      ? constants.O_RDWR
      : constants.O_WRONLY
    : constants.O_RDONLY
  const more = [
    [OPEN_MODE.APPEND, constants.O_APPEND],
    [OPEN_MODE.CREAT, constants.O_CREAT],
    [OPEN_MODE.TRUNC, constants.O_TRUNC],
    [OPEN_MODE.EXCL, constants.O_EXCL],
  ] as const
  return more.reduce((all, [flag, own]) => (has(flag) ? all | own : all), access)
}

/** The open files of one client, by the handles that it was given. */
function openTable() {
  const all = new Map<string, Opened>()
  let last = 0
  const find = (handle: Buffer) => all.get(handle.toString('latin1'))
  return {
    all,
    add(opened: Opened): Buffer {
      const handle = String(++last)
      all.set(handle, opened)
      return Buffer.from(handle)
    },
    file(handle: Buffer): FileHandle {
      const opened = find(handle)
      if (!opened || !('file' in opened)) throw new Error('There is no such open file.')
      return opened.file
    },
    directory(handle: Buffer) {
      const opened = find(handle)
      if (!opened || !('names' in opened)) throw new Error('There is no such open directory.')
      return opened
    },
    async close(handle: Buffer): Promise<void> {
      const opened = find(handle)
      all.delete(handle.toString('latin1'))
      if (opened && 'file' in opened) await opened.file.close()
    },
    async closeAll(): Promise<void> {
      const left = [...all.values()]
      all.clear()
      for (const opened of left) if ('file' in opened) await opened.file.close()
    },
  }
}
