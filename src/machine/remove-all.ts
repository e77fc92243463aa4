import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'

/** Takes rights back and removes; path by path from standard input, since words are text and names may be any bytes. */
const script = `xargs -0 sh -c 'chmod -R u+rwx -- "$1" 2>/dev/null; exec rm -rf -- "$1"' sh`

/**
 * Removes what a guest may have made, links unfollowed; does nothing when it is missing. Its role may have made paths longer than the kernel
 * takes at once, and directories closed to itself: the programs of the system descend step by step. Nothing may write to it meanwhile.
 */
export async function removeAll(path: string | Buffer): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true })
  } catch (error) {
    const remover = spawn('sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'] })
    remover.stdin.end(path)
    const [code] = (await once(remover, 'close')) as [number | null]
    if (code !== 0) throw error
  }
}
