import { readdirSync, readFileSync, statSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { roleVariables } from '../../role/contract/variables.ts'
import { identityOf, type ProcessIdentity } from '../process.ts'

/** Which processes belong to a role. */
export interface RoleOwner {
  /** `<deployment ID>.<instance ID>`, as in RdRoleId. */
  readonly key: string
  /** The instance's own uid; undefined when it shares one with others (design.md 9.5). */
  readonly uid?: number | undefined
}

/** Time between two checks whether a killed process has ended. */
const lookAgainMs = 20

/** Looks before a process that cannot be killed is left to the host. */
const looks = 250

/**
 * Kills what is left of a role, whatever its parent is now: every process of the instance's uid, else every one with the role's
 * environment. The agents of the guest live on. Resolves to the pids that were killed.
 */
export async function killRoleProcesses(owner: RoleOwner): Promise<readonly number[]> {
  const killed = new Set<number>()
  for (let look = 0; look < looks; look++) {
    const left = roleProcesses(owner)
    if (left.length === 0) break
    for (const pid of left) if (kill(pid)) killed.add(pid)
    await delay(lookAgainMs)
  }
  return [...killed]
}

/** Processes whose last argument that file is. */
export function startedWith(file: string): readonly ProcessIdentity[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && read(`/proc/${pid}/cmdline`).split('\0').at(-2) === file)
    .flatMap((pid) => identityOf(pid) ?? [])
}

/** The uid of this process if no other instance has it: the host then owns the settings file, not the guest. */
export function ownUid(settingsFile: string): number | undefined {
  const uid = process.getuid?.()
  return uid === undefined || uid === 0 || statSync(settingsFile).uid === uid ? undefined : uid
}

function roleProcesses({ key, uid }: RoleOwner): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0)
    .filter((pid) =>
      uid === undefined ? partOf(pid, key) === 'role' : uidOf(pid) === uid && partOf(pid, key) !== 'agent',
    )
    .filter(isAlive)
}

/**
 * The agents have RdRoleId too; only the role's processes have the runtime's endpoint. A process with neither belongs with the first process of its
 * session: sshd overwrites its own variables, and no process of a role can enter the session of an agent.
 */
function partOf(pid: number, key: string): 'agent' | 'role' | undefined {
  const variables = read(`/proc/${pid}/environ`).split('\0')
  if (!variables.includes(`RdRoleId=${key}`)) {
    const session = Number(statFields(pid)[3])
    return session > 0 && session !== pid ? partOf(session, key) : undefined
  }
  return variables.some((line) => line.startsWith(`${roleVariables.runtimeEndpoint}=`)) ? 'role' : 'agent'
}

function uidOf(pid: number): number | undefined {
  try {
    return statSync(`/proc/${pid}`).uid
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  const [state] = statFields(pid)
  return state !== undefined && state !== 'Z' && state !== 'X'
}

/** Fields of /proc/<pid>/stat from the third on. */
function statFields(pid: number): readonly string[] {
  const stat = read(`/proc/${pid}/stat`)
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch {
    return false
  }
}

/** '' for a file of a process that has just ended, or that we may not read. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
