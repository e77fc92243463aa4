import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Longest name of a file: what no file system here has is not there. */
const longestName = 255

/** The real path of a file or directory below `root`, its names compared ignoring case where the exact one is not there (I-44); undefined when there is none. */
export function ignoringCase(root: string, path: string): string | undefined {
  let at = root
  for (const part of path.split('/').filter((name) => name !== '' && name !== '.')) {
    if (part.length > longestName) return undefined
    const wanted = part.toLowerCase()
    const names = namesIn(at)
    const name = names.find((one) => one === part) ?? names.find((one) => one.toLowerCase() === wanted)
    if (name === undefined) return undefined
    at = join(at, name)
  }
  return at
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}
