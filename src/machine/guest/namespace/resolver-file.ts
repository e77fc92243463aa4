import { readFileSync, realpathSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { namesServers, reachableServers } from './resolver.ts'

const places = { own: '/etc/resolv.conf', behindStub: '/run/systemd/resolve/resolv.conf' } as const

/**
 * Writes the guest's list of DNS servers where the machine's own names one that only the machine reaches, and returns its place; undefined where the
 * machine has no list.
 */
export async function resolverOf(root: string): Promise<{ readonly file: string; readonly at: string } | undefined> {
  const lists = [places.own, places.behindStub].map((path) => reachableServers(textOf(path)))
  const [own = []] = lists
  const at = realPath(places.own)
  if (at === undefined) return undefined
  const file = join(root, 'resolv.conf')
  await writeFile(file, (lists.find(namesServers) ?? own).join('\n'), { mode: 0o644 })
  return { file, at }
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
