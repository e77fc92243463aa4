import { constants, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { chmod, copyFile, mkdir, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { removeAll } from '../remove-all.ts'
import { filesATurn, readSmallFile } from '../small-file.ts'

/** Copied last: a role root that has it is whole. */
const lastFile = 'RoleModel.xml'

/** The guest's rights on its files; packages made on Windows carry no rights. */
const modes = { file: 0o644, program: 0o755, directory: 0o755 } as const

export function hasRoleRoot(drive: string): boolean {
  return existsSync(join(drive, lastFile))
}

/**
 * Copies an unpacked role to an emptied drive, sharing the blocks where the file system can; scripts and programs become
 * executable. A failed copy is removed: a full disk gets its space back.
 */
export async function copyRole(software: string, drive: string): Promise<void> {
  await emptyDirectory(drive)
  const last = join(software, lastFile)
  try {
    await copyTree(software, drive, last)
    await copyProgram(last, join(drive, lastFile))
  } catch (error) {
    await emptyDirectory(drive)
    throw error
  }
}

/** Makes the directory if need be, and removes all that is in it. Names may be any bytes. */
export async function emptyDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true })
  for (const name of await readdir(path, { encoding: 'buffer' }))
    await removeAll(Buffer.concat([Buffer.from(`${path}/`), name]))
}

async function copyTree(from: string, to: string, except: string): Promise<void> {
  for (const [index, entry] of readdirSync(from, { withFileTypes: true }).entries()) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) {
      mkdirSync(target, { mode: modes.directory, recursive: true })
      await copyTree(source, target, except)
    } else if (entry.isFile() && source !== except) await copyProgram(source, target)
    // The agent that copies has others to answer.
    if (index % filesATurn === 0) await nextTurn()
  }
}

/** Of many small files each is copied at one go: a turn of the thread pool for every step costs ten times as much. */
async function copyProgram(source: string, target: string): Promise<void> {
  const small = readSmallFile(source)
  if (small) {
    writeFileSync(target, small.bytes, { mode: isProgram(small.bytes, small.mode) ? modes.program : modes.file })
    return
  }
  await copyFile(source, target, constants.COPYFILE_FICLONE)
  await using file = await open(source)
  const { mode } = await file.stat()
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
  await chmod(target, isProgram(buffer.subarray(0, bytesRead), mode) ? modes.program : modes.file)
}

/** Scripts, ELF programs, and what its packer has marked. */
function isProgram(content: Buffer, mode: number): boolean {
  const start = content.toString('latin1', 0, 4)
  return start.startsWith('#!') || start === '\x7fELF' || (mode & constants.S_IXUSR) !== 0
}
