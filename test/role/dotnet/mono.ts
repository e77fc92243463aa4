import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lackOfMono } from '../../../src/machine/dotnet/mono.ts'

/** Why tests of .NET are skipped here; false when they are not. */
export const withoutMono = lackOfMono() ?? false

/** A library of C# source; `named` is its name, `references` are further libraries by their names, `monos` those of Mono that it asks for. */
export function compiled(
  named: string,
  source: string,
  references: Readonly<Record<string, Buffer>> = {},
  monos: readonly string[] = [],
): Buffer {
  const directory = mkdtempSync(join(tmpdir(), 'mcs-'))
  try {
    const file = join(directory, 'source.cs')
    writeFileSync(file, source)
    const words = Object.entries(references).map(([name, bytes]) => {
      writeFileSync(join(directory, `${name}.dll`), bytes)
      return `-r:${join(directory, `${name}.dll`)}`
    })
    words.push(...monos.map((name) => `-r:${name}`))
    const out = join(directory, `${named}.dll`)
    execFileSync('mcs', ['-nologo', '-target:library', `-out:${out}`, ...words, file], { timeout: 60_000 })
    return readFileSync(out)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
