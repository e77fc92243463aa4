import { unsafeName } from './refusal.ts'

/** Longest path inside a package in characters: four times MAX_PATH of the systems that make packages. */
const pathLimit = 1040
/** Longest single name in bytes: NAME_MAX of Linux file systems. */
const segmentLimitBytes = 255

const utf8 = new TextEncoder()

/**
 * The path that a ZIP entry stands for: percent-decoded, with forward slashes (package-format.md 1 and 5.5).
 * Throws Refusal for absolute names, drive letters, `.` and `..` segments, empty segments and control characters.
 */
export function entryPath(name: string): string {
  const path = decoded(name).replaceAll('\\', '/')
  const found = fault(path)
  if (found) throw unsafeName(name, found)
  return path
}

/** As `entryPath`, for a reference to a part (`/approot/a.js`, `\approot\a.js`), where one leading separator is usual. */
export function partPath(reference: string): string {
  return entryPath(reference.replace(/^[\\/]/, ''))
}

/** The key under which names are equal: a package comes from a file system that ignores case. */
export function pathKey(path: string): string {
  return path.toLowerCase()
}

/** `a b.txt` → `a%20b.txt`: how OPC writes a path as a part name, ASCII only. */
export function partName(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    // Packers that do not encode write a bare % (`100%.txt`).
    return name
  }
}

function fault(path: string): string | undefined {
  if (path.startsWith('/')) return 'is absolute'
  if (/^[a-z]:/i.test(path)) return 'begins with a drive letter'
  if (/\p{Cc}/u.test(path)) return 'holds a control character'
  if (path.length > pathLimit) return `is longer than ${pathLimit} characters`
  for (const segment of path.split('/')) {
    if (segment === '..' || segment === '.') return `has a "${segment}" segment`
    if (segment === '') return 'has an empty segment'
    if (utf8.encode(segment).length > segmentLimitBytes) return `has a segment of more than ${segmentLimitBytes} bytes`
  }
  return undefined
}
