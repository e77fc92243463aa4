import { statSync } from 'node:fs'
import { dirname } from 'node:path'

/** The nearest directory at or above `path` that other accounts may not pass through; undefined when they reach the path. */
export function closedDirectory(path: string): string | undefined {
  let closed: string | undefined
  for (let directory = path; ; directory = dirname(directory)) {
    const { mode } = statSync(directory)
    if ((mode & 0o001) === 0) closed ??= directory
    if (directory === dirname(directory)) return closed
  }
}
