import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import type { FindFile } from '../../../../service-model/command-line/use.ts'
import { ignoringCase } from '../../ignoring-case.ts'

/** Most bytes of a file that are read to find out what it is. */
const headBytes = 64 * 1024

/** Finds files from a directory on, ignoring case below it (I-44); a path elsewhere is used as it is written. */
export function programFiles(root: string): FindFile {
  return (path) => {
    if (path === '') return undefined
    const wanted = resolve(root, path)
    const inside = relative(root, wanted)
    const found = inside.startsWith('..') ? existing(wanted) : ignoringCase(root, inside)
    return found === undefined ? undefined : { path: found, head: () => headOf(found) }
  }
}

function existing(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false }) && path
}

/** A character for each byte. */
function headOf(path: string): string {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return ''
  const file = openSync(path, 'r')
  try {
    const head = Buffer.alloc(headBytes)
    return head.toString('latin1', 0, readSync(file, head, 0, headBytes, 0))
  } finally {
    closeSync(file)
  }
}
