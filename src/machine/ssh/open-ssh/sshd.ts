import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { signInLimits } from '../sign-in-limits.ts'

export const sshd = '/usr/sbin/sshd'

/** The settings for one connection. */
export interface Service {
  readonly hostKeyFile: string
  readonly bannerFile: string
  /** The only account that may sign in. Undefined: nobody, whatever the password. */
  readonly name: string | undefined
  /** After it, in seconds, nobody signs in any more; 0 would be no bound at all. */
  readonly graceSeconds: number
  /** Variables that mark its processes as this agent's. */
  readonly marks: Readonly<Record<string, string>>
}

/** A connection that sshd serves. */
export interface Served {
  /** Ends it at once, with its sessions. */
  readonly end: () => void
}

/** Events of sshd for a connection. */
export interface Heard {
  readonly accepted: (name: string) => void
  readonly refused: (name: string) => void
  /** It has ended. `trouble`: its output, if it never began to serve. */
  readonly ended: (trouble: string | undefined) => void
}

/** Passwords and sessions alone: no keys, no forwarding of ports, agents or windows; nothing of the machine's own settings. */
const settings = [
  'UsePAM no',
  'PasswordAuthentication yes',
  'KbdInteractiveAuthentication no',
  'PubkeyAuthentication no',
  'DisableForwarding yes',
  'PermitUserRC no',
  'AcceptEnv LANG LC_*',
  'Subsystem sftp internal-sftp',
  'PrintMotd no',
  'PrintLastLog no',
  'PidFile none',
  'LogLevel VERBOSE',
  `MaxAuthTries ${signInLimits.tries}`,
] as const

/** Stays beside it as the first process of their session and group: sshd overwrites the variables that mark processes outside of the role. */
const besides = '"$@"; exit $?'

/** Hands a connection, from which nothing has been read, to an sshd of its own. */
export function serveBySshd(socket: Socket, service: Service, heard: Heard): Served {
  const { hostKeyFile, bannerFile, name, graceSeconds, marks } = service
  const own = [
    `HostKey "${hostKeyFile}"`,
    `Banner "${bannerFile}"`,
    `LoginGraceTime ${graceSeconds}`,
    name === undefined ? 'DenyUsers *' : `AllowUsers ${name}`,
    ...Object.entries(marks).map(([variable, value]) => `SetEnv "${variable}=${value}"`),
  ]
  const options = [...settings, ...own].flatMap((setting) => ['-o', setting])
  const child = spawn('/bin/sh', ['-c', besides, 'sh', sshd, '-i', '-e', '-f', 'none', ...options], {
    detached: true,
    stdio: [socket, socket, 'pipe'],
  })
  let served = false
  let last = ''
  createInterface(child.stderr).on('line', (line) => {
    last = line
    served ||= line.startsWith('Connection from ')
    const [, outcome, who = ''] = signInLine.exec(line) ?? []
    if (outcome === 'Accepted') heard.accepted(who)
    else if (outcome) heard.refused(who)
  })
  child.once('error', ({ message }) => heard.ended(message))
  child.once('close', () => heard.ended(served ? undefined : last))
  return { end: () => child.pid !== undefined && endGroup(child.pid) }
}

/** Ends all connections, of every agent. `directory`: of its files. */
export function endConnections(directory: string): void {
  const ours = (line: string) => line.includes(`\0${sshd}\0-i\0`) && line.includes(`"${directory}/`)
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)))
    if (ours(commandLineOf(pid))) endGroup(Number(pid))
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

function endGroup(first: number): void {
  try {
    process.kill(-first, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}

const signInLine = /^(Accepted|Failed) (?:password|none) for (?:invalid user )?(.*) from \S+ port \d+ ssh2$/
