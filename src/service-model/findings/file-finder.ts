import type { FindFile, FoundFile } from '../command-line/use.ts'

/** Stands for the role root where no guest is there yet. */
export const roleRoot = '/role-root'

/** Looks files up from a working directory below `roleRoot`, as a guest does on its disk. */
export function fileFinder(cwd: string, lookUp: (path: string) => FoundFile | undefined): FindFile {
  return (path) => {
    const wanted = path === '' ? undefined : resolved(cwd, path)
    const found = wanted?.startsWith(`${roleRoot}/`) ? lookUp(wanted.slice(roleRoot.length + 1)) : undefined
    if (!found || wanted === undefined) return undefined
    const inside = wanted.slice(roleRoot.length + 1)
    return inside === found.path ? { ...found, path } : found
  }
}

/** A path from a directory of the role root, as a path below the role root. */
export function belowRoot(directory: string, path: string): string {
  return resolved(`${roleRoot}/${directory}`, path).slice(roleRoot.length + 1)
}

function resolved(cwd: string, path: string): string {
  const parts: string[] = []
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/'))
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  return `/${parts.join('/')}`
}
