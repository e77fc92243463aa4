import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Why tests of .NET are skipped here; false when they are not. */
export const withoutMono =
  spawnSync('mcs', ['--version']).status === 0 && spawnSync('mono', ['--version']).status === 0
    ? false
    : 'Mono is missing: install mono-runtime, mono-mcs and libmono-system-web4.0-cil'

/** A library of C# source; `named` is its name, `references` are further libraries by their names. */
export function compiled(named: string, source: string, references: Readonly<Record<string, Buffer>> = {}): Buffer {
  const directory = mkdtempSync(join(tmpdir(), 'mcs-'))
  try {
    const file = join(directory, 'source.cs')
    writeFileSync(file, source)
    const words = Object.entries(references).map(([name, bytes]) => {
      writeFileSync(join(directory, `${name}.dll`), bytes)
      return `-r:${join(directory, `${name}.dll`)}`
    })
    const out = join(directory, `${named}.dll`)
    execFileSync('mcs', ['-nologo', '-target:library', `-out:${out}`, ...words, file], { timeout: 60_000 })
    return readFileSync(out)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
