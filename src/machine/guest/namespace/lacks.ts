import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { asRootOfNamespaces } from './as-root-of-namespaces.ts'
import { cgroupVersion } from './cgroups.ts'
import { tryDisk } from './disks/trial.ts'
import type { GuestNetwork } from './guest-network.ts'
import { reachable, tableRules } from './rules.ts'
import { ownUsers } from './sandbox.ts'
import { runTool, searchPath } from './tool.ts'

/** Something that a machine has not. */
export interface Lack {
  /** What it is, what to do, and what is lost until then. */
  readonly sentence: string
  /** The Debian package that brings it, where one does. */
  readonly package?: string | undefined
  /** True: guests cannot have namespaces without it. `unasked`: guests would lose something by namespaces, so they have them only on request. */
  readonly blocks: boolean | 'unasked'
}

/** Programs that make a guest, and their Debian packages. */
const programs = {
  bwrap: 'bubblewrap',
  ip: 'iproute2',
  nft: 'nftables',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  unshare: 'util-linux',
} as const

/** What this machine lacks to give guests namespaces of their own, tried out rather than guessed. */
export async function lacksOf(network: GuestNetwork): Promise<readonly Lack[]> {
  const missing = Object.entries(programs).filter(([program]) => !isInstalled(program))
  if (missing.length > 0) {
    const packages = [...new Set(missing.map(([, name]) => name))]
    return packages.map((name) => ({
      blocks: true,
      package: name,
      sentence: `The Debian package ${name} is missing; install it with: apt-get install ${name}.`,
    }))
  }
  if (process.getuid?.() === 0) return lacksFor(network, { who: 'root', as: [], guest: [] })
  const [unshare, ...words] = asRootOfNamespaces
  const refusal = await troubleOf(runTool(unshare, [...words, 'true']))
  if (refusal === undefined) return lacksFor(network, { who: 'this user', as: asRootOfNamespaces, guest: ownUsers })
  const sentence = `Only root can give guests networks of their own here, since ordinary users may make no user namespaces: ${refusal}. Start Reddog as root.`
  return [{ blocks: true, sentence }]
}

/** Who makes guests, by which words before a command, and what a guest has besides. */
interface Maker {
  readonly who: string
  readonly as: readonly string[]
  readonly guest: readonly string[]
}

async function lacksFor(network: GuestNetwork, { who, as, guest }: Maker): Promise<readonly Lack[]> {
  const attempt = (words: readonly string[], input = '') => {
    const [file = '', ...rest] = [...as, ...words]
    return troubleOf(runTool(file, rest, input))
  }
  const troubles = {
    namespaces: await attempt(['bwrap', ...guest, ...trialWords]),
    'network links': await attempt(['ip', '-batch', '-'], trialLink),
    'rules of nftables': await attempt(['nft', '-c', '-f', '-'], tableRules(network)),
  }
  const blocked = Object.entries(troubles).flatMap(([what, trouble]): readonly Lack[] =>
    trouble === undefined ? [] : [{ blocks: true, sentence: `The system gives ${who} no ${what}: ${trouble}.` }],
  )
  const limits = cgroupVersion() === undefined ? [unlimited] : []
  if (blocked.length > 0) return [...blocked, ...limits]
  const noSockets = await attempt(['nft', '-c', '-f', '-'], tableRules(network) + reachable(network))
  return [
    ...limits,
    ...(noSockets === undefined ? [] : [unreachable]),
    ...(as.length === 0 ? await troubleWithDisks() : [troubleOutwards() ?? []].flat()),
  ]
}

/** The message of a tool that does not do what it was asked, without a full stop. */
function troubleOf(run: Promise<string>): Promise<string | undefined> {
  return run.then(
    () => undefined,
    (error: Error) => error.message.replace(/\.$/, ''),
  )
}

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

/** Why local storage of root's guests takes more than its size; nothing when it does not. */
async function troubleWithDisks(): Promise<readonly Lack[]> {
  const lost = 'so what is beyond the size of local storage and TEMP is named, and not refused'
  const tools = 'e2fsprogs'
  if (!['mkfs.ext4', 'e2fsck', 'resize2fs'].every(isInstalled))
    return [
      {
        blocks: false,
        package: tools,
        sentence: `The Debian package ${tools} is missing, ${lost}; install it with: apt-get install ${tools}.`,
      },
    ]
  const trouble = await troubleOf(tryDisk())
  return trouble === undefined
    ? []
    : [{ blocks: false, sentence: `The system gives root no file systems in files, ${lost}: ${trouble}.` }]
}

/** Why guests of an ordinary user do not reach the machine's networks; undefined when they do. */
export function troubleOutwards(): Lack | undefined {
  const lost = 'so guests in namespaces reach no other machines, and have them only with --isolation namespace'
  const slirp = 'slirp4netns'
  if (!isInstalled(slirp))
    return {
      blocks: 'unasked',
      package: slirp,
      sentence: `The Debian package ${slirp} is missing, ${lost}; install it with: apt-get install ${slirp}.`,
    }
  try {
    accessSync(tunnel, constants.R_OK | constants.W_OK)
    return undefined
  } catch {
    return { blocks: 'unasked', sentence: `This user may not open ${tunnel}, ${lost}; as root: chmod 666 ${tunnel}.` }
  }
}

/** The device that slirp4netns needs to make its interface. */
const tunnel = '/dev/net/tun'

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
