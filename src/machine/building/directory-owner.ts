import { chmodSync, chownSync, lchownSync, lstatSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isAccountId } from './accounts.ts'

/** To root, with a look at the directory alone: root reads what is in it, and by its owner a later start knows that there may be files of root in it. */
export function takeBack(directory: string): void {
  const found = lstatSync(directory, { throwIfNoEntry: false })
  if (found && process.getuid?.() === 0 && isAccountId(found.uid)) lchownSync(directory, 0, 0)
}

/** With all that is in it. It is closed meanwhile and becomes the account's last, so that nobody changes a path below it, and a start that was killed begins again. */
export function giveDirectory(directory: string, id: number): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const found = lstatSync(directory)
  if (!found.isDirectory()) throw new Error(`${directory} is no directory. Move away what stands there.`)
  if (found.uid === id) return
  lchownSync(directory, 0, 0)
  chmodSync(directory, 0o700)
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true }))
    lchownSync(join(entry.parentPath, entry.name), id, id)
  chownSync(directory, id, id)
}
