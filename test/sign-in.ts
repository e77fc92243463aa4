import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'

const options =
  'StrictHostKeyChecking=no UserKnownHostsFile=/dev/null NumberOfPasswordPrompts=1 PubkeyAuthentication=no'

/** What ssh, scp and sftp are told, so that nothing of this machine's user has a part in it. */
export const clientWords: readonly string[] = ['-F', 'none', ...options.split(' ').flatMap((option) => ['-o', option])]

export interface SignIn {
  readonly name: string
  readonly password: string
  readonly words?: readonly string[]
  readonly input?: string
}

export interface Said {
  readonly stdout: string
  readonly stderr: string
  readonly code: number | null
}

/** How the ssh client of Debian signs in with a password, and what it prints. */
export function signIn(
  { address, port }: { readonly address: string; readonly port: number },
  command: string,
  { name, password, words = [], input = '' }: SignIn,
): Promise<Said> {
  const asked = [...clientWords, '-p', `${port}`, '-l', name, ...words, address, command]
  return runClient('ssh', asked, password, async (child) => void child.stdin.end(input))
}

/** Runs a client of Debian's that is given that password when it asks; `act` does with it what a user does. */
export async function runClient(
  program: string,
  words: readonly string[],
  password: string,
  act: (child: ChildProcessByStdio<Writable, Readable, Readable>) => Promise<void>,
): Promise<Said> {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-askpass-'))
  const askpass = join(directory, 'askpass')
  writeFileSync(askpass, '#!/bin/sh\nprintf %s "$THE_PASSWORD"\n', { mode: 0o755 })
  const env = { ...process.env, SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force', THE_PASSWORD: password }
  const child = spawn(program, words, { env })
  // A client that is refused has ended before it is told anything: what it says and its exit code tell that.
  child.stdin.on('error', () => {})
  try {
    const heard = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    await act(child)
    const [stdout, stderr, [code]] = await heard
    return { stdout, stderr, code: code as number | null }
  } finally {
    child.kill('SIGKILL')
    rmSync(directory, { recursive: true, force: true })
  }
}
