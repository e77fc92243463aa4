import type { Surroundings } from '../run-locally.ts'

/** Names what a session's processes were started for: the client's address and port, then the session's first process. */
export const sessionVariable = 'REDDOG_SSH_SESSION'

/** What a client may choose for itself. */
const chosen = /^(?:LANG|LC_[A-Z]+|TERM)$/

/** The program that sshd takes for the account's shell, as text: it gives a session its variables, of which sshd passes none on, and becomes the shell. */
export function sessionShell({ shell, env }: Surroundings): string {
  const all = Object.entries(env)
  const defaults = all.filter(([name]) => chosen.test(name))
  const given = all.filter(([name]) => !chosen.test(name)).map(([name, value]) => quoted(`${name}=${value}`))
  return [
    '#!/bin/sh',
    ...defaults.map(([name, value]) => `[ -n "\${${name}+x}" ] || export ${name}=${quoted(value)}`),
    `exec /usr/bin/env ${given.join(' ')} "${sessionVariable}=$SSH_CLIENT $$" ${quoted(shell)} "$@"`,
    '',
  ].join('\n')
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
