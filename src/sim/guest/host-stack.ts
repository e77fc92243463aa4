import type {
  BootstrapperExit,
  BootstrapperGoal,
  BootstrapperReport,
  BootstrapperStart,
} from '../../guest/bootstrapper/protocol.ts'
import type { RootLetter } from '../../guest/contract/guest-paths.ts'
import { logicalPath } from '../../guest/contract/guest-paths.ts'
import type { RoleRoot } from '../../guest/guest-agent/drives.ts'
import type { RoleEnvironment } from '../../service-model/role-environment.ts'
import { type BootstrapperParts, type BootstrapperProcess, startBootstrapper } from './bootstrapper.ts'
import type { Drives } from './drives.ts'
import type { RoleProcess } from './role.ts'

/** What the processes of a role run from, and what they see. */
export interface Running {
  readonly root: RoleRoot
  readonly environment: RoleEnvironment
  /** Version of the deployment that the role has accepted. */
  readonly version: number | undefined
}

/** The follower of the stack: a guest agent. */
export interface StackListener {
  said(report: BootstrapperReport): void
  /** The stack has ended; `left` is its exit file, if it could leave one. */
  ended(left: BootstrapperExit | undefined): void
}

/** WaHostBootstrapper and all its children in one guest, which outlive the guest agent: machine/guest-os/host-stack.ts without sockets. */
export interface HostStack {
  /** Answers with the process ID. */
  start(start: BootstrapperStart): number
  /** Follows the stack of that process, even if it has ended meanwhile, from now on only for this listener. */
  follow(pid: number, listener: StackListener): void
  tell(goal: BootstrapperGoal): void
  /** Ends a stack that no agent remembers. */
  clear(): void
  /** The bootstrapper dies, and leaves its role behind. */
  kill(): void
  bootstrapper(): BootstrapperProcess | undefined
  /** The host process of the role. */
  role(): RoleProcess | undefined
  isReady(): boolean
  running(): Running | undefined
}

export interface StackParts
  extends Pick<BootstrapperParts, 'clock' | 'behaviour' | 'modelOf' | 'stopping' | 'defect' | 'isPoisoned'> {
  readonly drives: Drives
}

interface Stack {
  readonly pid: number
  readonly root: RoleRoot | undefined
  /** Undefined when it has ended. */
  bootstrapper?: BootstrapperProcess | undefined
  exit?: BootstrapperExit | undefined
  role?: RoleProcess | undefined
}

export function hostStack(parts: StackParts): HostStack {
  const { drives } = parts
  let pids = 0
  let stack: Stack | undefined
  let listener: StackListener | undefined

  function start(start: BootstrapperStart): number {
    if (stack?.bootstrapper) throw new Error(`assertion: two bootstrappers in the guest of ${start.settings.key}`)
    const letter = logicalPath(start.settings.root, start.roleRoot)?.slice(0, 1) as RootLetter
    const mine: Stack = { pid: ++pids, root: drives.roots.get(letter) }
    stack = mine
    listener = undefined
    mine.bootstrapper = startBootstrapper({
      ...parts,
      start,
      root: mine.root,
      read(path) {
        const environment = drives.environments.get(path)
        if (!environment) throw new Error(`assertion: there is no document ${path}`)
        return environment
      },
      startedRole: (role) => void (mine.role = role),
      said: (report) => listener?.said(report),
      ended: (exit) => bury(mine, exit),
    })
    return mine.pid
  }

  /** A killed bootstrapper leaves its role behind, and the follower of the stack ends that too. */
  function bury(ended: Stack, exit: BootstrapperExit | undefined): void {
    ended.bootstrapper = undefined
    ended.exit = exit
    if (stack !== ended || !listener) return
    ended.role?.kill()
    listener.ended(exit)
  }

  return {
    start,
    follow(pid, next) {
      listener = next
      if (stack?.pid === pid && stack.bootstrapper) {
        const report = stack.bootstrapper.report()
        if (report) next.said(report)
        return
      }
      const left = stack?.pid === pid ? stack.exit : undefined
      // Of another one the agent that started it could make no note.
      stack?.bootstrapper?.stop()
      stack?.role?.kill()
      if (stack) stack.bootstrapper = undefined
      next.ended(left)
    },
    tell: (goal) => stack?.bootstrapper?.tell(goal),
    kill() {
      const { bootstrapper } = stack ?? {}
      if (!stack || !bootstrapper) return
      bootstrapper.stop()
      bury(stack, undefined)
    },
    clear() {
      listener = undefined
      stack?.bootstrapper?.stop()
      stack?.role?.kill()
      stack = undefined
    },
    bootstrapper: () => stack?.bootstrapper,
    role: () => stack?.role,
    isReady: () => stack?.bootstrapper?.report()?.status === 'Ready',
    running() {
      const environment = stack?.role?.isAlive() ? stack.role.environment() : undefined
      const accepted = stack?.bootstrapper?.report()?.acceptedIncarnation
      return (
        stack?.root && environment && { root: stack.root, environment, version: drives.versions.get(accepted ?? 0) }
      )
    },
  }
}
