import type { Dirent, Stats } from 'node:fs'
import { lstat, opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { escaped } from '../answer/html.ts'

/** A page of more would be of no use, and is made in memory. */
const mostEntries = 10_000

/** What a listing shows. */
export interface ListingWish {
  readonly directory: string
  /** Decoded URL path, with a slash at its end. */
  readonly path: string
  readonly host: string
  /** As `directoryBrowse` has them: `Date, Time, Size, Extension, LongDate`. */
  readonly showFlags: string
}

/** The page that IIS makes of a directory (`directoryBrowse`), times in UTC. Names that begin with a dot, and links, are left out. */
export async function listing({ directory, path, host, showFlags }: ListingWish): Promise<string> {
  const title = escaped(`${host} - ${path}`)
  const flags = new Set(showFlags.toLowerCase().split(/[\s,]+/))
  const parent = path.replace(/[^/]+\/$/, '')
  const toParent = path === '/' ? '' : `<A HREF="${hrefOf(parent)}">[To Parent Directory]</A><br><br>`
  const lines = await linesOf(directory, path, flags)
  return `<html><head><title>${title}</title></head><body><H1>${title}</H1><hr>\r\n\r\n<pre>${toParent}${lines.join('')}</pre><hr></body></html>`
}

async function linesOf(directory: string, path: string, flags: ReadonlySet<string>): Promise<readonly string[]> {
  const lines: string[] = []
  for (const entry of await shownIn(directory)) {
    // A file that has been removed meanwhile is not shown.
    const found = await lstat(join(directory, entry.name)).catch(() => undefined)
    if (found) lines.push(line(entry, found, path, flags))
  }
  return lines
}

async function shownIn(directory: string): Promise<readonly Dirent[]> {
  const entries: Dirent[] = []
  for await (const entry of await opendir(directory)) {
    if (entries.length === mostEntries) break
    if ((entry.isFile() || entry.isDirectory()) && !entry.name.startsWith('.')) entries.push(entry)
  }
  return entries.toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
}

function line(entry: Dirent, { mtime, size }: Stats, path: string, flags: ReadonlySet<string>): string {
  const isDirectory = entry.isDirectory()
  const shown = flags.has('extension') || isDirectory ? entry.name : entry.name.replace(/(?<=.)\.[^.]*$/, '')
  const columns = [
    flags.has('date') && date(mtime, flags.has('longdate')).padStart(10),
    flags.has('time') && clock(mtime).padStart(8),
    flags.has('size') && (isDirectory ? '       &lt;dir&gt;' : String(size).padStart(12)),
  ].filter((column) => column !== false)
  const href = hrefOf(`${path}${entry.name}${isDirectory ? '/' : ''}`)
  return `${columns.join(' ')} <A HREF="${href}">${escaped(shown)}</A><br>\r\n`
}

function date(at: Date, isLong: boolean): string {
  const style = isLong ? 'full' : undefined
  return at.toLocaleDateString('en-US', { timeZone: 'UTC', ...(style && { dateStyle: style }) })
}

function clock(at: Date): string {
  return at.toLocaleTimeString('en-US', { timeZone: 'UTC', hour: 'numeric', minute: '2-digit' })
}

const hrefOf = (path: string) => path.split('/').map(encodeURIComponent).map(escaped).join('/')
