import { dirname, join } from 'node:path'
import { drives } from '../../../guest/contract/guest-paths.ts'

/** What a guest is made of. All paths are the same inside as outside, so that logs and settings speak of one place. */
export interface Sandbox {
  /** Directory of the guest, whose drives alone it may write to. */
  readonly root: string
  /** Directory of its sockets. */
  readonly run: string
  /** Directories that it reads: the platform's programs, the unpacked packages. */
  readonly shown: readonly string[]
  readonly node: string
  /** Account of all processes in it. Undefined: the ordinary user's, who becomes another one inside, without his rights. */
  readonly uid: number | undefined
  /** File that stands where the system's own names of DNS servers are, and where that is. */
  readonly resolver?: { readonly file: string; readonly at: string } | undefined
  /** Files that stand where the system's lists of accounts are, and that it may write to. */
  readonly accounts?: readonly { readonly file: string; readonly at: string }[]
  /** An agent of another vendor, and the directories that it writes to, with where it sees them. */
  readonly own?:
    | {
        readonly program: string
        readonly written: readonly { readonly at: string; readonly directory: string }[]
      }
    | undefined
  readonly command: readonly string[]
}

/**
 * Descriptors of bwrap: to the first it writes the process that it has started; from the second it reads before it runs the command, from the third
 * the filter of system calls.
 */
export const descriptors = { info: 3, block: 4, filter: 5 } as const

/** The parts of the system that are shown, where they exist. Nothing of /var, /home, /root, /run, /sys or /tmp is. */
const system = ['/usr', '/etc', '/opt', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'] as const

/** Directories that a guest has for itself and may write to, empty at its start. */
const temporary = ['/tmp', '/var/tmp', '/dev/shm'] as const

/** Bytes of each of them, which are memory. Origin: choice. */
const temporaryBytes = 64 * 1024 * 1024

/**
 * Arguments for bwrap. None of them ends the guest with its starter: it outlives the Host Agent. As root, setpriv drops the rights only
 * after all mounts: a directory closed to the guest's account may lie on the way to one that it sees.
 */
export function bwrapWords(sandbox: Sandbox): readonly string[] {
  const { root, run, shown, node, uid, resolver, accounts = [], own, command } = sandbox
  const read = [dirname(node), ...shown, root, ...(own ? [own.program] : [])]
  const written = [...drives.map((drive) => join(root, drive)), run]
  return [
    ...ownNamespaces,
    ...(uid === undefined ? ownUsers : []),
    ...system.flatMap((path) => ['--ro-bind-try', path, path]),
    ...temporary.flatMap((path) => ['--perms', '1777', '--size', String(temporaryBytes), '--tmpfs', path]),
    ...(own ? agentWords(own) : []),
    ...(resolver ? ['--ro-bind', resolver.file, resolver.at] : []),
    ...accounts.flatMap(({ file, at }) => ['--bind', file, at]),
    ...waysTo([...read, run]).flatMap((path) => ['--perms', '0755', '--dir', path]),
    ...read.flatMap((path) => ['--ro-bind', path, path]),
    ...written.flatMap((path) => ['--bind', path, path]),
    '--chdir',
    root,
    '--',
    ...(uid === undefined ? [] : withoutRights(uid)),
    ...command,
  ]
}

/** /run is empty at each start, as after a boot. */
function agentWords({ written }: NonNullable<Sandbox['own']>): readonly string[] {
  return [
    ...`--perms 1777 --size ${temporaryBytes} --tmpfs /run --symlink /run /var/run`.split(' '),
    ...written.flatMap(({ at, directory }) => ['--bind', directory, at]),
  ]
}

const ownNamespaces: readonly string[] = [
  ...'--unshare-pid --unshare-ipc --unshare-uts --unshare-net --as-pid-1 --new-session'.split(' '),
  ...`--info-fd ${descriptors.info} --block-fd ${descriptors.block} --seccomp ${descriptors.filter}`.split(' '),
  ...'--dev /dev --proc /proc'.split(' '),
]

/** Uid and gid inside of a guest of an ordinary user. Nobody's number. Origin: choice. */
export const idInside = 200_000

/** A user namespace in that of the fabric, so that a guest has none of the rights that the Host Agent has there. */
export const ownUsers: readonly string[] = `--unshare-user --uid ${idInside} --gid ${idInside} --cap-drop ALL`.split(
  ' ',
)

function withoutRights(uid: number): readonly string[] {
  return `setpriv --reuid ${uid} --regid ${uid} --clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs`.split(
    ' ',
  )
}

/** The directories above these paths, the upper first. bwrap would make them itself, closed to all but root. */
function waysTo(paths: readonly string[]): readonly string[] {
  const all = paths.flatMap((path) => {
    const parts = path.split('/').slice(1, -1)
    return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`)
  })
  return [...new Set(all)]
}
