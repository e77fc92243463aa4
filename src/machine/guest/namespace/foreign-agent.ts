import { chown, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { removeAll } from '../../remove-all.ts'
import type { GuestPlace } from '../driver.ts'
import type { Sandbox } from './sandbox.ts'

/** Directories of the system where agents store their state and logs. They last as long as drive C:. */
const kept = ['/var/lib', '/var/log'] as const

/** Takes the place of the shell, so that the agent is the guest's first process; its output is the guest's own file, not one of the host's. */
const withOutput = 'exec "$0" >>/var/log/agent.out 2>&1'

/**
 * How an agent of another vendor is started in a guest: the program alone, without words, with directories to write to where such agents
 * look for them. The host owns the directory around them: a link that the guest makes in its drives cannot redirect them.
 */
export async function foreignAgent(
  guest: GuestPlace,
  program: string,
): Promise<Required<Pick<Sandbox, 'own' | 'command'>>> {
  const { uid } = guest
  const written = kept.map((at) => ({ at, directory: join(directoryOf(guest), at.slice('/var/'.length)) }))
  for (const { directory } of written) {
    await mkdir(directory, { recursive: true, mode: 0o755 })
    if (uid !== undefined) await chown(directory, uid, uid)
  }
  return { own: { program, written }, command: ['/bin/sh', '-c', withOutput, program] }
}

/** Removes the agent's files. */
export function removeForeignAgent(guest: GuestPlace): Promise<void> {
  return removeAll(directoryOf(guest))
}

function directoryOf({ root }: GuestPlace): string {
  return join(root, 'agent')
}
