/** WaWorkerHost: the standard host process of a worker role whose entry point is a Node module (F-20). */
import { writeFileSync } from 'node:fs'
import { roleVariables } from '../contract/variables.ts'
import { sharedRoleEnvironment } from '../runtime/shared-role-environment.ts'
import { hostEntryPoint } from './host-entry-point.ts'
import { loadEntryPoint } from './load-entry-point.ts'

// The name in the process list (F-23), of which the system keeps 15 characters.
writeFileSync('/proc/self/comm', 'WaWorkerHost')
await hostEntryPoint(sharedRoleEnvironment(), () => loadEntryPoint(process.env[roleVariables.entryPoint] ?? ''), {
  say: (line) => console.log(`[${new Date().toISOString()}] ${line}`),
  exit: (code) => process.exit(code),
  catchAll: (report) => {
    process.on('uncaughtException', report)
    process.on('unhandledRejection', report)
  },
})
