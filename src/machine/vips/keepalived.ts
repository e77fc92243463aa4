import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { searchPath } from '../guest/namespace/tool.ts'
import { identityOf, isAlive, type ProcessIdentity, signalProcess } from '../process.ts'

/** keepalived of one machine. */
export interface Keepalived {
  /** Takes another configuration, without a move of the VIPs. */
  configure(text: string): void
  /** Whether both of its processes run, and are not stopped. */
  isWell(): boolean
  start(): void
  /** Ends it at once; the VIPs stay on the link. */
  kill(): void
  /** Ends it, which gives up the VIPs. Resolves when it has ended. */
  stop(): Promise<void>
}

/** Says what to do about it. */
export const lackOfKeepalived =
  'VIPs of a range are held by keepalived, and there is none here. Install it: apt-get install keepalived'

export function hasKeepalived(): boolean {
  return searchPath()
    .split(':')
    .some((directory) => existsSync(join(directory, 'keepalived')))
}

/** How long it may take to give up the VIPs and end, in milliseconds. Origin: choice; measured: 1 s. */
const endLimitMs = 5_000

/** One that an earlier run of the VipHolder has started goes on. */
export function openKeepalived(directory: string): Keepalived {
  const file = (name: string) => join(directory, name)
  const paths = {
    configuration: file('keepalived.conf'),
    pid: file('keepalived.pid'),
    vrrpPid: file('vrrp.pid'),
    output: file('keepalived.log'),
  }
  const processes = () =>
    [paths.pid, paths.vrrpPid].map((path) => keepalivedOf(path)).filter((found) => found !== undefined)

  return {
    configure(text) {
      writeFileSync(paths.configuration, text, { mode: 0o600 })
      const [main] = processes()
      if (main) signalProcess(main, 'SIGHUP')
    },
    isWell: () => processes().filter(({ pid }) => !'TtZ'.includes(stateOf(pid))).length === 2,
    start() {
      for (const path of [paths.pid, paths.vrrpPid]) rmSync(path, { force: true })
      const output = openSync(paths.output, 'w', 0o600)
      const child = spawn(
        'keepalived',
        ['-n', '-P', '-l', '-f', paths.configuration, '-p', paths.pid, '-r', paths.vrrpPid],
        { env: { PATH: searchPath() }, stdio: ['ignore', output, output], detached: true },
      )
      child.on('error', () => {})
      child.unref()
      closeSync(output)
    },
    kill() {
      for (const one of processes()) signalProcess(one, 'SIGKILL')
    },
    async stop() {
      const [main] = processes()
      if (!main) return
      signalProcess(main, 'SIGCONT')
      signalProcess(main, 'SIGTERM')
      await ended(main)
      for (const one of processes()) signalProcess(one, 'SIGKILL')
    },
  }
}

async function ended(main: ProcessIdentity): Promise<void> {
  for (let waited = 0; isAlive(main) && waited < endLimitMs; waited += 20) await pause(20)
}

/** The process of a pid file, when it is keepalived; a later process may have its number. */
function keepalivedOf(pidFile: string): ProcessIdentity | undefined {
  try {
    const identity = identityOf(Number(readFileSync(pidFile, 'utf8').trim()))
    return identity && readFileSync(`/proc/${identity.pid}/cmdline`, 'utf8').includes('keepalived')
      ? identity
      : undefined
  } catch {
    return undefined
  }
}

/** One letter, as in `ps`. */
function stateOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.charAt(stat.lastIndexOf(')') + 2)
  } catch {
    return 'Z'
  }
}
