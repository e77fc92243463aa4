import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const options =
  'StrictHostKeyChecking=no UserKnownHostsFile=/dev/null NumberOfPasswordPrompts=1 PubkeyAuthentication=no'

export interface SignIn {
  readonly name: string
  readonly password: string
  readonly words?: readonly string[]
  readonly input?: string
}

/** How the ssh client of Debian signs in with a password, and what it prints. */
export async function signIn(
  { address, port }: { readonly address: string; readonly port: number },
  command: string,
  { name, password, words = [], input = '' }: SignIn,
): Promise<{ readonly stdout: string; readonly stderr: string; readonly code: number | null }> {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-askpass-'))
  const askpass = join(directory, 'askpass')
  writeFileSync(askpass, '#!/bin/sh\nprintf %s "$THE_PASSWORD"\n', { mode: 0o755 })
  const asked = options.split(' ').flatMap((option) => ['-o', option])
  const child = spawn('ssh', ['-F', 'none', ...asked, '-p', `${port}`, '-l', name, ...words, address, command], {
    env: { ...process.env, SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force', THE_PASSWORD: password },
  })
  child.stdin.end(input)
  try {
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return { stdout, stderr, code: code as number | null }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
