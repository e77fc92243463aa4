import { type FSWatcher, watch } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'

/** Changes that come within this time count as one, in milliseconds. Origin: choice; a deployment writes many files. */
const togetherMs = 100

/**
 * Reports a change of a file that fits one of the patterns: paths below the directory, `*` and `?` in their last part, compared without case. A
 * directory that cannot be watched is skipped. Returns a function that ends the watch.
 */
export function watchFiles(
  directory: string,
  patterns: readonly string[],
  changed: (file: string) => void,
): () => void {
  let timer: NodeJS.Timeout | undefined
  const watchers = Map.groupBy(
    patterns.map((pattern) => resolve(directory, pattern.trim().replaceAll('\\', '/'))),
    dirname,
  )
    .entries()
    .flatMap(([place, paths]) => {
      const wanted = paths.map((path) => basename(path).toLowerCase())
      return watched(place, (name) => {
        if (timer || !wanted.some((pattern) => fits(name.toLowerCase(), pattern))) return
        timer = setTimeout(() => {
          timer = undefined
          changed(name)
        }, togetherMs).unref()
      })
    })
    .toArray()
  return () => {
    clearTimeout(timer)
    for (const watcher of watchers) watcher.close()
  }
}

function watched(place: string, changed: (name: string) => void): readonly FSWatcher[] {
  try {
    const watcher = watch(place, { persistent: false }, (_, name) => name !== null && changed(name))
    return [watcher.on('error', () => watcher.close())]
  } catch {
    return []
  }
}

/**
 * Whether a name fits a pattern: `*` any characters, `?` one. Only the last star is ever tried again with more, so that the time is bounded by both
 * lengths.
 */
function fits(name: string, pattern: string): boolean {
  let [at, star, taken] = [0, -1, 0]
  for (let i = 0; i < name.length; ) {
    if (pattern[at] === '*') [star, taken, at] = [at, i, at + 1]
    else if (pattern[at] === '?' || pattern[at] === name[i]) [at, i] = [at + 1, i + 1]
    else if (star >= 0) [at, taken, i] = [star + 1, taken + 1, taken + 1]
    else return false
  }
  return /^\**$/.test(pattern.slice(at))
}
