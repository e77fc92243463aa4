import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Result } from '../../src/kernel/fault.ts'
import { defaultPackageLimits, type PackageLimits } from '../../src/machine/package/limits.ts'
import { quarantineIn } from '../../src/machine/package/quarantine.ts'
import { type ReadPackage, readInto } from '../../src/machine/package/read.ts'

/** A temporary directory, removed at the end of its scope. */
export interface Desk extends AsyncDisposable {
  readonly directory: string
  /** Writes a file below it and answers with its path. */
  put(name: string, content: Buffer | string): Promise<string>
}

export async function desk(): Promise<Desk> {
  const directory = await mkdtemp(join(tmpdir(), 'reddog-package-'))
  return {
    directory,
    async put(name, content) {
      const file = join(directory, name)
      await writeFile(file, content)
      return file
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  }
}

/** Reads a package in this process, where hundreds take seconds; `look` sees the result while the quarantine still stands. */
export async function readHere<Seen>(
  content: Buffer,
  look: (result: Result<ReadPackage>) => Seen | Promise<Seen>,
  limits: Partial<PackageLimits> = {},
): Promise<Seen> {
  await using place = await desk()
  await using quarantine = await desk()
  const file = await place.put('a.cspkg', content)
  return await look(await readInto(quarantineIn(quarantine.directory, { ...defaultPackageLimits, ...limits }), file))
}
