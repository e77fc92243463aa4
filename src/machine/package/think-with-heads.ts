import type { FoundFile } from '../../service-model/command-line/use.ts'
import { pathKey } from '../../service-model/cspkg/part-path.ts'
import type { Grounds } from '../../service-model/findings/commands.ts'
import { headText } from '../guest-os/head-text.ts'
import { has } from '../guest-os/why-not-run.ts'
import { hasWine } from '../guest-os/wine.ts'
import { beginningOf } from './beginning-of.ts'
import type { RoleFile } from './unpack-role.ts'

/** Enough of a file to tell what it is; as much as a guest reads. */
const headBytes = 64 * 1024

/** Thinks with the heads of files that it has, reads those that were missed, and thinks again: a thought cannot wait for a file. */
export type ThinkWithHeads = <Thought>(think: (grounds: Grounds) => Thought) => Promise<Thought>

/** For as many thoughts on a role's files as are wanted: each head is read once. */
export function headsOf(files: readonly RoleFile[]): ThinkWithHeads {
  const byKey = new Map(files.map((file) => [pathKey(file.path), file]))
  const directories = new Map(files.flatMap(({ path }) => ancestors(path)).map((path) => [pathKey(path), path]))
  const heads = new Map<string, string>()

  return async (think) => {
    for (;;) {
      const missed = new Set<string>()
      const headOf = (key: string) => {
        if (!heads.has(key)) missed.add(key)
        return heads.get(key) ?? ''
      }
      const lookUp = (path: string): FoundFile | undefined => {
        const key = pathKey(path)
        const file = byKey.get(key)
        if (file) return { path: file.path, head: () => headOf(key), isProgram: file.part.isProgram }
        const directory = directories.get(key)
        return directory === undefined ? undefined : { path: directory, head: () => '' }
      }
      const thought = think({ lookUp, has: onThisMachine, hasWine: hasWine() })
      if (missed.size === 0) return thought
      for (const key of missed) heads.set(key, headText(await beginningOf(byKey.get(key) as RoleFile, headBytes)))
    }
  }
}

/** A further program of every guest: its Node. */
function onThisMachine(program: string): boolean {
  return program === 'node' || has(program, process.env['PATH'] ?? '')
}

function ancestors(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}
