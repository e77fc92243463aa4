import { lstat, mkdir, readlink, rename, rm, rmdir, stat, symlink } from 'node:fs/promises'
import type { Attributes, SFTPWrapper } from 'ssh2'
import type { Answers } from './answers.ts'
import { attributesOf, change } from './attributes.ts'

/** Requests that name a path. */
export function servePaths(sftp: SFTPWrapper, { at, answer }: Answers): void {
  const doing = (id: number, work: () => Promise<unknown>) => answer(id, () => work().then(() => 'done' as const))
  const naming = (id: number, named: () => Promise<string>) =>
    answer(id, async () => {
      const filename = await named()
      sftp.name(id, [{ filename, longname: filename, attrs: {} as Attributes }])
      return 'answered'
    })
  const describing = (id: number, found: typeof stat, path: string) =>
    answer(id, async () => {
      sftp.attrs(id, attributesOf(await found(at(path))))
      return 'answered'
    })
  sftp.on('STAT', (id, path) => describing(id, stat, path))
  sftp.on('LSTAT', (id, path) => describing(id, lstat, path))
  sftp.on('SETSTAT', (id, path, wanted) => doing(id, () => change(at(path), wanted)))
  sftp.on('REALPATH', (id, path) => naming(id, async () => at(path)))
  sftp.on('READLINK', (id, path) => naming(id, () => readlink(at(path))))
  sftp.on('REMOVE', (id, path) => doing(id, () => rm(at(path))))
  sftp.on('MKDIR', (id, path, { mode }) => doing(id, () => mkdir(at(path), mode)))
  sftp.on('RMDIR', (id, path) => doing(id, () => rmdir(at(path))))
  sftp.on('RENAME', (id, path, to) => doing(id, () => rename(at(path), at(to))))
  // The link comes first, in spite of its name in the types of ssh2.
  sftp.on('SYMLINK', (id, path, target) => doing(id, () => symlink(target, at(path))))
}
