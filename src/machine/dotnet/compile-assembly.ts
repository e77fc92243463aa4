import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { failureOf, type OwnAssembly, sourceFiles } from './own-assemblies.ts'

const run = promisify(execFile)

/** How long mcs may take: it takes a fifth of a second. Origin: choice. */
const compileLimitMs = 60_000

/** Most characters of the output of mcs that are stored. Origin: choice. */
const failureLimit = 4_000

/**
 * Compiles an assembly into `target`. On failure returns the output of mcs, which is also stored beside it. The file appears whole: two compilations
 * at the same time do not disturb one another.
 */
export async function compileAssembly(
  { file, sources, references }: OwnAssembly,
  from: string,
  target: string,
): Promise<string | undefined> {
  // The assembly has the name of its file, by which our other assemblies refer to it.
  const own = mkdtempSync(join(target, 'fresh-'))
  const fresh = join(own, file)
  const kind = file.endsWith('.exe') ? 'exe' : 'library'
  const named = references.map((name) => `-r:${existsSync(join(target, name)) ? join(target, name) : name}`)
  const words = ['-nologo', '-optimize+', `-target:${kind}`, `-out:${fresh}`, ...named]
  const failure = join(target, failureOf(file))
  try {
    await run('mcs', [...words, ...sourceFiles(join(from, sources))], { timeout: compileLimitMs })
    renameSync(fresh, join(target, file))
    rmSync(failure, { force: true })
    return undefined
  } catch (error) {
    const text = printedBy(error as Error & { stdout?: string; stderr?: string }).slice(0, failureLimit)
    writeFileSync(failure, text)
    return text
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
}

function printedBy({ message, stdout = '', stderr = '' }: Error & { stdout?: string; stderr?: string }): string {
  return `${stdout}\n${stderr}`.trim() || message
}
