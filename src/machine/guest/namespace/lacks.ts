import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { cgroupVersion } from './cgroups.ts'
import type { GuestNetwork } from './guest-network.ts'
import { reachable, tableRules } from './rules.ts'
import { runTool, searchPath } from './tool.ts'

/** Something that a machine has not. */
export interface Lack {
  /** What it is, what to do, and what is lost until then. */
  readonly sentence: string
  /** The Debian package that brings it, where one does. */
  readonly package?: string | undefined
  /** True: guests cannot have namespaces without it. */
  readonly blocks: boolean
}

/** Programs that make a guest, and their Debian packages. */
const programs = {
  bwrap: 'bubblewrap',
  ip: 'iproute2',
  nft: 'nftables',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
} as const

/** What this machine lacks to give guests namespaces of their own, tried out rather than guessed. */
export async function lacksOf(network: GuestNetwork): Promise<readonly Lack[]> {
  if (process.getuid?.() !== 0)
    return [{ blocks: true, sentence: 'Only root can give guests networks of their own; start Reddog as root.' }]
  const missing = Object.entries(programs).filter(([program]) => !isInstalled(program))
  if (missing.length > 0) {
    const packages = [...new Set(missing.map(([, name]) => name))]
    return packages.map((name) => ({
      blocks: true,
      package: name,
      sentence: `The Debian package ${name} is missing; install it with: apt-get install ${name}.`,
    }))
  }
  const trials: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['namespaces', () => runTool('bwrap', trialWords)],
    ['network links', () => runTool('ip', ['-batch', '-'], trialLink)],
    ['rules of nftables', () => runTool('nft', ['-c', '-f', '-'], tableRules(network))],
  ]
  const failed = await Promise.all(
    trials.map(([what, attempt]) =>
      attempt().then(
        () => [],
        (error: Error) => [`The system gives root no ${what}: ${error.message.replace(/\.$/, '')}.`],
      ),
    ),
  )
  const blocked = failed.flat().map((sentence): Lack => ({ blocks: true, sentence }))
  const unlimited: Lack = {
    blocks: false,
    sentence:
      'The control groups of this machine cannot be written, so memory, processors and processes of guests have no limits.',
  }
  const unreachable: Lack = {
    blocks: false,
    sentence:
      'The kernel has no nft_socket, so guests reach neither VIPs nor the Blob service of the fabric. Load that module, then start again.',
  }
  const looksForSockets = runTool('nft', ['-c', '-f', '-'], tableRules(network) + reachable(network)).then(
    () => true,
    () => false,
  )
  return [
    ...blocked,
    ...(cgroupVersion() === undefined ? [unlimited] : []),
    ...(blocked.length > 0 || (await looksForSockets) ? [] : [unreachable]),
  ]
}

const trialWords = [
  '--unshare-pid',
  '--unshare-ipc',
  '--unshare-uts',
  '--unshare-net',
  '--ro-bind',
  '/',
  '/',
  '--dev',
  '/dev',
  '--proc',
  '/proc',
  '--tmpfs',
  '/tmp',
  '--',
  'true',
] as const

const trialLink = `link add rd-trial-${process.pid % 10_000} type veth peer name rd-tried-${process.pid % 10_000}\nlink delete rd-trial-${process.pid % 10_000}\n`

function isInstalled(program: string): boolean {
  return searchPath()
    .split(delimiter)
    .some((directory) => isProgram(join(directory, program)))
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
