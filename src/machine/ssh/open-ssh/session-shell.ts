import { quote } from '../../../service-model/command-line/quote.ts'
import type { Surroundings } from '../run-locally.ts'

/** Identifies a session's processes: the client's address and port, then the session's first process. */
export const sessionVariable = 'REDDOG_SSH_SESSION'

/** Settings that a client may choose for itself. */
const chosen = /^(?:LANG|LC_[A-Z]+|TERM)$/

/** The program that sshd runs as the account's shell, as text: it sets the session's variables, as sshd passes none on, and becomes the shell. */
export function sessionShell({ shell, env }: Surroundings): string {
  const all = Object.entries(env)
  const defaults = all.filter(([name]) => chosen.test(name))
  const given = all.filter(([name]) => !chosen.test(name)).map(([name, value]) => quote(`${name}=${value}`))
  return [
    '#!/bin/sh',
    ...defaults.map(([name, value]) => `[ -n "\${${name}+x}" ] || export ${name}=${quote(value)}`),
    `exec /usr/bin/env ${given.join(' ')} "${sessionVariable}=$SSH_CLIENT $$" ${quote(shell)} "$@"`,
    '',
  ].join('\n')
}
