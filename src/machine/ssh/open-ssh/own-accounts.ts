import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { accessSync, closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'

/** The lists in which sshd finds accounts. */
const lists = { passwd: '/etc/passwd', shadow: '/etc/shadow' } as const

/** The account that sshd lets in: this process's own, under that name. */
export interface NamedAccount {
  readonly name: string
  /** As `crypt(3)` gives it. */
  readonly hash: string
  readonly home: string
  readonly shell: string
}

/** Whether the lists of accounts are this instance's own, which its account may change: so in a guest with mounts of its own. */
export function hasOwnLists(): boolean {
  if (process.getuid?.() === 0) return false
  try {
    for (const list of Object.values(lists)) accessSync(list, constants.R_OK | constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Names of the accounts that are others' (P-22). */
export function namesOfOthers(): ReadonlySet<string> {
  return new Set(linesOfOthers().map((line) => line.split(':', 1)[0] as string))
}

/** Gives this process's own uid that name, or none. Nobody else has a password. */
export function nameOwnAccount(account: NamedAccount | undefined): void {
  const [uid, gid] = [process.getuid?.(), process.getgid?.()]
  const own = account && `${account.name}:x:${uid}:${gid}:RemoteAccess:${account.home}:${account.shell}`
  overwrite(lists.shadow, account ? `${account.name}:${account.hash}:::::::\n` : '')
  overwrite(lists.passwd, `${[...linesOfOthers(), ...(own ? [own] : [])].join('\n')}\n`)
}

/**
 * The hash of a password for sshd's list, by the same library and function with which sshd compares. Throws for a password that the function
 * refuses.
 */
export function hashed(password: string): string {
  const salt = randomBytes(12).toString('base64').replaceAll('+', '.')
  const hash = execFileSync(perl, ['-e', 'local $/; print crypt(<STDIN>, $ARGV[0])', `$6$${salt}`], {
    input: password,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  if (password.includes('\0') || !/^\$6\$[\w./$]+$/.test(hash))
    throw new Error('It holds a NUL or more than 511 bytes, which sshd takes for no password.')
  return hash
}

/** `perl-base` is on every Debian. */
export const perl = '/usr/bin/perl'

function linesOfOthers(): readonly string[] {
  const lines = readFileSync(lists.passwd, 'utf8').split('\n')
  return lines.filter((line) => line !== '' && line.split(':')[2] !== String(process.getuid?.()))
}

/** In its place, which is a mount; nobody finds it empty meanwhile. */
function overwrite(list: string, text: string): void {
  const bytes = Buffer.from(text)
  const file = openSync(list, 'r+')
  try {
    writeSync(file, bytes, 0, bytes.length, 0)
    ftruncateSync(file, bytes.length)
  } finally {
    closeSync(file)
  }
}
