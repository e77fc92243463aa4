import { readdirSync, writeFileSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'
import { roleNice } from '../contract/role-nice.ts'
import { roleVariables } from '../contract/variables.ts'
import type { RoleEntryPoint } from '../runtime/role-entry-point.ts'
import { sharedRoleEnvironment } from '../runtime/shared-role-environment.ts'
import { hostEntryPoint } from './host-entry-point.ts'
import { loadEntryPoint } from './load-entry-point.ts'

/**
 * Runs the entry point that this process was started for, under that name in the process list (F-23). A web role without one has the
 * default: OnStart returns true and Run sleeps (I-18).
 */
export async function runEntryPoint(title: string): Promise<void> {
  // The system stores 15 characters of it.
  writeFileSync('/proc/self/comm', title)
  await hostEntryPoint(sharedRoleEnvironment(), load, {
    say,
    exit: (code) => process.exit(code),
    catchAll: (report) => {
      process.on('uncaughtException', report)
      process.on('unhandledRejection', report)
    },
  })
}

const say = (line: string) => console.log(`[${new Date().toISOString()}] ${line}`)

/** Up to here only the platform's code is loaded; with the entry point it is a running role, in every thread. */
async function load(): Promise<RoleEntryPoint> {
  // Under a fabric that was started with a lower one still nobody may raise it.
  for (const thread of readdirSync('/proc/self/task').map(Number))
    if (getPriority(thread) < roleNice) setPriority(thread, roleNice)
  const path = process.env[roleVariables.entryPoint] ?? ''
  say(path === '' ? 'The role has no entry point of its own.' : `Loading ${path}.`)
  return path === '' ? {} : loadEntryPoint(path)
}
