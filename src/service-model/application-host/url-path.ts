/**
 * The path of a request's URL as sites, applications and the web log know it: decoded, `\` as `/`, without `.`, `..` and empty segments, so that a
 * directory has one name and its settings cannot be avoided. Undefined when it is not a path: a bad escape, a NUL, or more `..` than there are
 * directories. `target` begins with `/`; its query is left out.
 */
export function urlPath(target: string): string | undefined {
  const [written = ''] = target.split('?', 1)
  if (/%(?![0-9a-f]{2})/i.test(written)) return undefined
  const decoded = unescaped(written).replaceAll('\\', '/')
  if (decoded.includes('\0')) return undefined
  const parts: string[] = []
  const names = decoded.split('/').slice(1)
  for (const name of names) {
    if (name === '..' && parts.pop() === undefined) return undefined
    if (!noNames.has(name)) parts.push(name)
  }
  const isDirectory = noNames.has(names.at(-1) ?? '')
  return `/${parts.join('/')}${isDirectory && parts.length > 0 ? '/' : ''}`
}

const noNames: ReadonlySet<string> = new Set(['', '.', '..'])

/** Escapes of UTF-8, or, where they are not, of Latin-1. Bytes that a client did not escape are taken as if it had. */
function unescaped(text: string): string {
  const escaped = text.replace(/[\u0080-\u00ff]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)
  try {
    return decodeURIComponent(escaped)
  } catch {
    return escaped.replace(/%([0-9a-f]{2})/gi, (_escape, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    )
  }
}
