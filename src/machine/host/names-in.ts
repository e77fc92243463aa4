import { opendir } from 'node:fs/promises'
import { openInside } from './open-inside.ts'

/** Most names that are looked at: those of hourly files of eleven years. */
const mostNames = 100_000

/** The names in a directory of a guest; none when it is missing, no directory, or lies outside the guest. */
export async function namesIn(root: string, directory: string): Promise<readonly string[]> {
  const handle = await openInside(root, directory).catch(() => undefined)
  if (!handle) return []
  const names: string[] = []
  try {
    // By its number: the path may have become another directory meanwhile.
    for await (const { name } of await opendir(`/proc/self/fd/${handle.fd}`)) if (names.push(name) >= mostNames) break
    return names
  } catch {
    return []
  } finally {
    await handle.close()
  }
}
