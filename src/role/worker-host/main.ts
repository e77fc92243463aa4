/** WaWorkerHost: the standard host process of a worker role whose entry point is a Node module (F-20). */
import { readdirSync, writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { roleNice } from '../contract/role-nice.ts'
import { roleVariables } from '../contract/variables.ts'
import type { RoleEntryPoint } from '../runtime/role-entry-point.ts'
import { sharedRoleEnvironment } from '../runtime/shared-role-environment.ts'
import { hostEntryPoint } from './host-entry-point.ts'
import { loadEntryPoint } from './load-entry-point.ts'

// The name in the process list (F-23), of which the system keeps 15 characters.
writeFileSync('/proc/self/comm', 'WaWorkerHost')
await hostEntryPoint(sharedRoleEnvironment(), load, {
  say: (line) => console.log(`[${new Date().toISOString()}] ${line}`),
  exit: (code) => process.exit(code),
  catchAll: (report) => {
    process.on('uncaughtException', report)
    process.on('unhandledRejection', report)
  },
})

/** What is loaded until here is the platform's; with the entry point it is a role that runs, in every thread that there is. */
function load(): Promise<RoleEntryPoint> {
  for (const thread of readdirSync('/proc/self/task')) setPriority(Number(thread), roleNice)
  return loadEntryPoint(process.env[roleVariables.entryPoint] ?? '')
}
