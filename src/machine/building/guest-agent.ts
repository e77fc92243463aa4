import { accessSync, constants, statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import type { FabricIsolation } from './isolation.ts'

/** Throws an Error with one sentence when the guests of this fabric cannot run that program instead of Reddog's agent. */
export function checkGuestAgent(program: string | undefined, { kind, lacks }: FabricIsolation): void {
  if (program === undefined) return
  const trouble = troubleWith(program)
  if (trouble !== undefined) throw new Error(`--guest-agent ${program}: ${trouble}`)
  if (kind === 'process')
    throw new Error(
      [
        `--guest-agent ${program}: an agent of another make looks for its wire server at 168.63.129.16, which only guests in namespaces of their own have, and those of this data directory are kept apart by process.`,
        ...lacks.map(({ sentence }) => sentence),
      ].join(' '),
    )
}

function troubleWith(program: string): string | undefined {
  if (!isAbsolute(program)) return 'write the whole path of a program, from / on.'
  try {
    if (!statSync(program).isFile()) return 'this is no file. Write the path of a program.'
    accessSync(program, constants.X_OK)
    return undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? 'there is no such file.'
      : 'it cannot be run: chmod +x would let it.'
  }
}
