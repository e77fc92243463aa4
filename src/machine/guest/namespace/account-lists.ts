import { existsSync } from 'node:fs'
import { chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { GuestPlace } from '../driver.ts'
import { idInside } from './sandbox.ts'

/** Lists of accounts that a guest has for itself, as it finds them. The machine's secrets are none of its affair. */
const lists: Readonly<Record<string, { readonly mode: number; readonly textFor: (id: number) => Promise<string> }>> = {
  '/etc/passwd': { mode: 0o644, textFor: () => readFile('/etc/passwd', 'utf8') },
  '/etc/group': { mode: 0o644, textFor: async (id) => withOwnGroup(await readFile('/etc/group', 'utf8'), id) },
  '/etc/shadow': { mode: 0o600, textFor: async () => '' },
}

/**
 * Writes lists of accounts that stand in a guest where the system's do, and that its account may change: so RemoteAccessAgent can name it to
 * sshd (P-20). Returns where they are, and where they belong. The host owns the directory: a guest cannot put a link there.
 */
export async function accountListsOf({
  root,
  uid,
}: Pick<GuestPlace, 'root' | 'uid'>): Promise<readonly { readonly file: string; readonly at: string }[]> {
  const directory = join(root, 'accounts')
  await mkdir(directory, { recursive: true, mode: 0o755 })
  const here = Object.entries(lists).filter(([at]) => existsSync(at))
  return Promise.all(
    here.map(async ([at, { mode, textFor }]) => {
      const file = join(directory, at.slice('/etc/'.length))
      await rm(file, { force: true })
      await writeFile(file, await textFor(uid ?? idInside), { mode })
      if (uid !== undefined) await chown(file, uid, uid)
      return { file, at }
    }),
  )
}

/** Its group has the name that its USER has. Without a group `tty`, to which it could not give its terminals, sshd leaves them to the account. */
function withOwnGroup(machines: string, id: number): string {
  return `${machines.replace(/^tty:.*\n/m, '')}w${id}:x:${id}:\n`
}
