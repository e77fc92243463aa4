/** W3SVC: the listener of a full-IIS web role (I-2, S-19). Its argument is the file that the bootstrapper was started with. */

import { readFileSync, watch } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Driver, drive } from '../../kernel/drive.ts'
import { systemWords } from '../../kernel/system-words.ts'
import { systemClock } from '../../machine/clock.ts'
import { assembliesOf } from '../../machine/dotnet/find-assembly.ts'
import { collectAtRest } from '../../machine/guest-os/collect-at-rest.ts'
import { serveJsonLines } from '../../machine/guest-os/json-lines.ts'
import { appendLine } from '../../machine/guest-os/log-file.ts'
import { startWorkerProcess, type WorkerProcess } from '../../machine/guest-os/worker-process.ts'
import { openListener } from '../../machine/http-sys/open-listener.ts'
import type { WorkerConnections } from '../../machine/http-sys/worker-connections.ts'
import { nameThisProcess } from '../../machine/process.ts'
import { roleVariables } from '../../role/contract/variables.ts'
import { sharedRoleEnvironment } from '../../role/runtime/shared-role-environment.ts'
import { readApplicationHost } from '../../service-model/application-host/read-application-host.ts'
import { type BootstrapperStart, runNames } from '../bootstrapper/protocol.ts'
import { eventLogDirectory, guestLogs, realPath } from '../contract/guest-paths.ts'
import { writeWebCounts } from '../contract/web-counts.ts'
import { w3svc } from './agent.ts'
import { configuredPools } from './configured-pools.ts'
import { performWith } from './perform.ts'
import { poolCalled, type W3svcMessage, type W3svcSubject } from './receive.ts'
import { doorsOf, firstState, type W3svcState } from './state.ts'
import { type FromW3svc, readToW3svc, type ToW3svc } from './words.ts'

/** A change of a file comes as several events: those within this time count as one. */
const settleMs = 50

/** Events of the service itself in the channel System. */
const configurationEvent = 5174

nameThisProcess('W3SVC')
collectAtRest()
const { settings, owner, instance, roleRoot } = JSON.parse(
  readFileSync(process.argv[2] as string, 'utf8'),
) as BootstrapperStart
const real = (logical: string) => realPath(settings.root, logical) as string
const output = real(guestLogs(owner).find(({ name }) => name === 'RoleOutput')?.path ?? '')
const log = (text: string) => console.log(`[${new Date().toISOString()}] ${text}`)
const event = (id: number, text: string) =>
  appendLine(
    real(`${eventLogDirectory}\\System`),
    `[${new Date().toISOString()}] [${id}] [${settings.key}] ${text.replaceAll('\n', ' ')}`,
  )

const assemblies = assembliesOf(settings)

const environment = sharedRoleEnvironment()
const { localResources } = environment.currentRoleInstance
const { httpSys, flush } = await openListener({
  settings,
  owner,
  instance,
  localResources,
  wanted: (pool) => void driver.deliver({ kind: 'wanted', pool }),
})

/** The configuration that is in force. */
let configuration = { file: '', text: '' }
let processNumber = 0
const processes = new Map<number, { readonly process: WorkerProcess; readonly connections: WorkerConnections }>()
/** Called when the last process of the last pool has ended. */
let emptied = () => {}

function startProcess(pool: string): { readonly process: number; readonly pid: number } {
  processNumber += 1
  const number = processNumber
  const socketPath = join(settings.run, `p${number}`)
  const started = startWorkerProcess({
    programs: settings.programs,
    pool,
    socketPath,
    configuration: configuration.file,
    cwd: roleRoot,
    env: {
      ...Object.fromEntries(
        Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
      ),
      [roleVariables.assemblies]: assemblies,
    },
    output,
    listening: () => void driver.deliver({ kind: 'listening', pool, process: number }),
    ended(exit) {
      processes.delete(number)
      httpSys.removeProcess(number)
      void driver.deliver({ kind: 'ended', pool, process: number, exit })
    },
  })
  processes.set(number, { process: started, connections: httpSys.addProcess(number, socketPath) })
  return { process: number, pid: started.pid }
}

const driver: Driver<W3svcState, W3svcMessage, W3svcSubject> = drive({
  agent: w3svc,
  state: firstState,
  rests: settings.timers.recycleDelays,
  complain: log,
  ...systemClock,
  perform: performWith({
    start: startProcess,
    idle: async (number) => processes.get(number)?.connections.idle(),
    stop: (number) => processes.get(number)?.process.stop(),
    kill: (number) => processes.get(number)?.process.kill(),
    idleSince: (number) => processes.get(number)?.connections.idleSince(),
    event,
    log,
  }),
  changed(state) {
    httpSys.setDoors(doorsOf(state))
    if (state.pools.size === 0) emptied()
  },
})

/** Applies the file. What cannot be applied is answered in sentences; a file that cannot be read changes nothing. */
async function load(file: string): Promise<readonly string[]> {
  const text = readFileSync(file, 'utf8')
  if (configuration.file === file && configuration.text === text) return []
  const { value, errors } = readApplicationHost(text, basename(file))
  if (!value) return errors
  configuration = { file, text }
  const [problems] = await Promise.all([
    httpSys.serve(value),
    driver.deliver({ kind: 'configured', pools: configuredPools(value) }),
  ])
  return problems
}

async function removeAll(): Promise<void> {
  follow(undefined)
  configuration = { file: '', text: '' }
  await httpSys.serve({ sites: [], pools: [] })
  await driver.deliver({ kind: 'configured', pools: [] })
}

let unfollow = () => {}

/** From now on changes of that file are done too, as of appcmd. */
function follow(file: string | undefined): void {
  unfollow()
  if (file === undefined) return
  const watcher = watch(dirname(file), (_event, name) => {
    if (name === basename(file)) void delay(settleMs).then(() => inTurn(() => reload(file)))
  })
  unfollow = () => watcher.close()
}

async function reload(file: string): Promise<void> {
  if (configuration.file !== file) return
  for (const problem of await load(file)) event(configurationEvent, problem)
}

let turn: Promise<unknown> = Promise.resolve()

/** One after the other. */
function inTurn<Value>(act: () => Promise<Value>): Promise<Value> {
  const done = turn.then(act)
  turn = done.catch((error: Error) => log(error.message))
  return done
}

async function obey(asked: Exclude<ToW3svc, { kind: 'counts' }>): Promise<FromW3svc> {
  if (asked.kind === 'load') {
    const problems = await load(asked.file).catch((error: unknown) => [`${asked.file}: ${systemWords(error)}.`])
    if (configuration.file === asked.file) follow(asked.file)
    return { kind: 'loaded', problems }
  }
  if (asked.kind === 'stopPools') {
    await removeAll()
    return { kind: 'removed' }
  }
  const pool = poolCalled(driver.state(), asked.pool)
  if (!pool) return { kind: 'refused', message: `There is no application pool "${asked.pool}".` }
  await driver.deliver({ ...asked, pool: pool.settings.name })
  return { kind: 'done' }
}

const server = await serveJsonLines(join(settings.run, runNames.webServer), (line) => ({
  said(value) {
    const asked = readToW3svc(value)
    if (!asked) return line.send({ kind: 'refused', message: 'That is nothing that W3SVC can be told.' })
    if (asked.kind === 'counts') return line.send({ kind: 'counted', ...writeWebCounts(httpSys.counts()) })
    void inTurn(() => obey(asked)).then(
      (answer) => line.send(answer),
      (error: Error) => line.send({ kind: 'refused', message: error.message }),
    )
  },
  gone: () => {},
}))

// Once drained, nothing is open in this process, and so it ends.
environment.on('stopping', async () => {
  await httpSys.drain(settings.timers.drainLimit)
  await new Promise<void>((resolve) => {
    emptied = resolve
    void inTurn(removeAll)
  })
  flush()
  server.close()
  driver.stop()
})
