import { createRoleEnvironment, type HostedRoleEnvironment } from './role-environment.ts'

/**
 * One role environment a process, whichever copy of this module asks: WaWorkerHost holds one in its bundle, the
 * customer's module loads another.
 */
export function sharedRoleEnvironment(): HostedRoleEnvironment {
  const key = Symbol.for('reddog/runtime')
  const shared = globalThis as { [key]?: HostedRoleEnvironment }
  shared[key] ??= createRoleEnvironment(process.env)
  return shared[key]
}
