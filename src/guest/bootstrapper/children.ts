import type { Instant } from '../../kernel/instant.ts'
import type { PlannedTask } from '../../service-model/role-plan.ts'
import { sdkPlugin } from '../../service-model/sdk-plugins.ts'

/** A process that the bootstrapper has started and whose end is not reported yet (F-17). */
export interface Child {
  readonly kind: ChildKind
  /** As the role model names it: a command line, or the module in WaWorkerHost. */
  readonly command: string
  /** The plug-in that it belongs to; nothing of the role's own has one. */
  readonly module?: string | undefined
  readonly pid: number
  readonly startedAt: Instant
}

/** All of them, by the key of the action that started each: `host`, `task 0`. */
export type Children = Readonly<Record<string, Child>>

/** What the end of a child means. */
export interface Meaning {
  /**
   * While the role starts or runs. `role`: the role ends with it, or Run has returned. `step`: the next step of the start waits
   * for it, and follows if it returned success. `nothing`: it is logged, and the next step does not wait. `failure`: the role
   * cannot run without it, and is started again.
   */
  readonly ends: 'role' | 'step' | 'nothing' | 'failure'
  /**
   * While the role stops. `told`: it is asked to stop, and we wait for it. `awaited`: we only wait for it. `killed`: it is killed
   * when there is nothing to wait for any more, or at the deadline, like everything that runs then.
   */
  readonly atStop: 'told' | 'awaited' | 'killed'
}

/** What the end of each kind of child means; another kind of child is another row. */
export const meanings = {
  /** H-11, H-27 (3) and (4). */
  host: { ends: 'role', atStop: 'told' },
  /** S-22, S-24. */
  simple: { ends: 'step', atStop: 'killed' },
  /** S-21, S-26, H-27 (6). */
  background: { ends: 'nothing', atStop: 'killed' },
  /** S-26, H-27 (5). */
  foreground: { ends: 'nothing', atStop: 'awaited' },
  /** The role runtime reports the stop to W3SVC, which ends when no request is in flight (I-2). */
  webServer: { ends: 'failure', atStop: 'awaited' },
} as const satisfies Readonly<Record<string, Meaning>>

export type ChildKind = keyof typeof meanings

/** What kind of child a step of the start becomes. */
export function kindOf(planned: PlannedTask): ChildKind {
  return planned.kind === 'platform' && planned.program === 'W3SVC' ? 'webServer' : planned.task.taskType
}

/** The children with one of these meanings at a stop, by their keys. */
export function childrenAtStop(children: Children, ...ways: readonly Meaning['atStop'][]): readonly string[] {
  return Object.entries(children).flatMap(([key, { kind }]) => (ways.includes(meanings[kind].atStop) ? [key] : []))
}

/** Agents of ours that have something left to do when the role has stopped for longer, by their keys (P-14). */
export function childrenWithLastWords(children: Children): readonly string[] {
  return Object.entries(children).flatMap(([key, { kind, module }]) =>
    kind === 'background' && module !== undefined && sdkPlugin(module)?.agent?.hasLastWords ? [key] : [],
  )
}

/** Whether the role's own process lives. */
export function hostLives(children: Children): boolean {
  return Object.values(children).some(({ kind }) => meanings[kind].ends === 'role')
}
