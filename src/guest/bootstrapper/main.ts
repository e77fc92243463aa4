/** WaHostBootstrapper: runs a role's startup tasks and host process and watches them (F-16 to F-18). Its argument is the file that the guest agent starts it with. */

import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { drive } from '../../kernel/drive.ts'
import { refused } from '../../kernel/fault.ts'
import { systemClock } from '../../machine/clock.ts'
import { findAssembly } from '../../machine/dotnet/find-assembly.ts'
import { hasLibraries } from '../../machine/dotnet/has-libraries.ts'
import { setAsideSdk } from '../../machine/dotnet/set-aside-sdk.ts'
import { boundOutput } from '../../machine/guest-os/bounded-output.ts'
import { fileFinder, fileIgnoringCase, ignoringCase } from '../../machine/guest-os/find-file.ts'
import { type JsonLines, serveJsonLines } from '../../machine/guest-os/json-lines.ts'
import { appendLine, startNewLog } from '../../machine/guest-os/log-file.ts'
import { replaceFile } from '../../machine/guest-os/replace-file.ts'
import { killRoleProcesses, ownUid } from '../../machine/guest-os/role-processes.ts'
import { startAgent, startAssembly, startEntryPoint, startScript } from '../../machine/guest-os/role-program.ts'
import { hasWine } from '../../machine/guest-os/wine.ts'
import { awaitTurn, nameThisProcess } from '../../machine/process.ts'
import { startRuntimeServer } from '../../machine/runtime-server/runtime-server.ts'
import { roleVariables } from '../../role/contract/variables.ts'
import { readRolePlan } from '../../service-model/role-plan.ts'
import { guestLogs, realPath } from '../contract/guest-paths.ts'
import { bootstrapper } from './agent.ts'
import { type BootstrapperLevel, bootstrapperLine } from './log-line.ts'
import { performWith } from './perform.ts'
import { type BootstrapperGoal, type BootstrapperStart, runNames } from './protocol.ts'
import { reportOf, statusLine } from './report.ts'
import { firstState } from './state.ts'

nameThisProcess('WaHostBootstrapper')
await awaitTurn()
const start = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as BootstrapperStart
const { settings, owner, goal, roleRoot } = start

const logs = Object.fromEntries(
  guestLogs(owner).map(({ name, path }) => [name, realPath(settings.root, path) as string]),
)
const logPath = (name: string) => logs[name] as string
startNewLog(logPath('WaHostBootstrapper'))
const log = (level: BootstrapperLevel, text: string) =>
  appendLine(logPath('WaHostBootstrapper'), bootstrapperLine(process.pid, Date.now(), level, text))
const event = (id: number, text: string) =>
  appendLine(logPath('Windows Azure'), `[${new Date().toISOString()}] [${id}] [${settings.key}] ${text}`)
log('INFO ', `WaHostBootstrapper starts for ${settings.key} in ${roleRoot}.`)

const outputs = {
  role: logPath('RoleOutput'),
  WaWorkerHost: logPath('WaWorkerHost'),
  WaIISHost: logPath('WaIISHost'),
  WaWebHost: logPath('WaWebHost'),
}
for (const output of Object.values(outputs)) boundOutput(output)

const textOf = (name: string) => {
  const file = fileIgnoringCase(roleRoot, name)
  return file === undefined ? '' : readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
}
const state = firstState(
  readRolePlan(
    textOf('RoleModel.xml'),
    { file: textOf('__entrypoint.txt'), hasLibraries: hasLibraries(roleRoot, start.roleKind) },
    start.roleKind,
  ),
  goal,
  settings.timers,
  Date.now(),
)

const runtime = await startRuntimeServer({
  directory: settings.run,
  names: runNames,
  flavour: state.plan.flavour,
  goal: {
    incarnation: state.runtimeIncarnation,
    expected: 'Started',
    roleEnvironmentPath: goal.roleEnvironmentPath,
  },
  listener: {
    connected: (client, protocol) => void driver.deliver({ kind: 'connected', client, protocol }),
    gone: (client) => void driver.deliver({ kind: 'gone', client }),
    said: (client, message) => void driver.deliver({ kind: 'said', client, message }),
    lease: (report) => void driver.deliver({ kind: 'lease', report }),
    dropped: (document) =>
      log('WARN ', `What the role says of its state cannot be read and was dropped: ${document.slice(0, 200)}`),
  },
})

const machine = {
  inherited: process.env,
  nodeDirectory: dirname(process.execPath),
  preload: pathToFileURL(join(settings.programs, 'preload.mjs')).href,
  versionEndpoint: runtime.versionEndpoint,
  runByWine: hasWine() ? join(settings.programs, 'RunByWine') : undefined,
}
const agents = new Set<JsonLines>()
let said = ''
const driver = drive({
  agent: bootstrapper,
  state,
  rests: settings.timers.recycleDelays,
  complain: (line) => log('ERROR', line),
  ...systemClock,
  perform: performWith(
    {
      startProgram: ({ cwd, env, ...script }) => startScript(script, { cwd, env, output: outputs.role }),
      startAgent: (program, words, { cwd, env }) =>
        startAgent([join(settings.programs, `${program}.mjs`), ...words], program, { cwd, env, output: outputs.role }),
      startEntryPoint: (host, { cwd, env }) =>
        startEntryPoint(settings.programs, host, { cwd, env, output: outputs[host] }),
      startAssembly(host, library, { cwd, env }) {
        const program = findAssembly(settings, 'RoleHost.exe')
        if (!program.ok)
          return refused(program.fault.code, `"${basename(library)}" cannot be run: ${program.fault.message}`)
        for (const file of setAsideSdk(roleRoot))
          log('INFO ', `${file} of the package is set aside: ours takes its place.`)
        if (host === 'WaWebHost') {
          const words = { [roleVariables.entryPoint]: library, [roleVariables.roleHost]: program.value }
          return startEntryPoint(settings.programs, host, { cwd, env: { ...env, ...words }, output: outputs[host] })
        }
        return startAssembly(program.value, host, library, { cwd, env, output: outputs[host] })
      },
      files: {
        find: (path) => ignoringCase(roleRoot, path),
        finder: (cwd) => fileFinder(roleRoot, cwd),
        roleEnvironment(): { path: string; text: string } {
          const path = driver.state().goal.roleEnvironmentPath
          return { path, text: readFileSync(path, 'utf8') }
        },
      },
      publish: runtime.publish,
      send: runtime.send,
      log,
      event,
      childEnded: (child, ended) => void driver.deliver({ kind: 'childEnded', child, ended }),
      delay: (ms) => delay(ms),
      async end(exit) {
        await killRoleProcesses({ key: settings.key, uid: ownUid(join(settings.root, 'guest.json')) })
        replaceFile(join(settings.run, runNames.exit), JSON.stringify(exit))
        return process.exit(exit.why === 'stopped' ? 0 : 1)
      },
    },
    { start, machine },
    state.plan,
  ),
  changed(now) {
    const report = JSON.stringify(reportOf(now))
    if (report === said) return
    said = report
    log('INFO ', statusLine(reportOf(now)))
    for (const agent of agents) agent.send(reportOf(now))
  },
})

await serveJsonLines(join(settings.run, runNames.bootstrapper), (line) => {
  agents.add(line)
  line.send(reportOf(driver.state()))
  return {
    said: (value) => void driver.deliver({ kind: 'goal', goal: value as BootstrapperGoal }),
    gone: () => agents.delete(line),
  }
})
driver.touch(['role'])
