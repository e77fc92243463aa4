/**
 * WaWebHost: a web role without Sites, in hosted web core (I-21, I-22). One process holds the entry point, the listener of the role's http and
 * https endpoints, and the site, whose root is `approot`; when it ends the role is started again. The entry point of a .NET library is held by a
 * process of Mono beside it, and the two end together.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type BootstrapperStart, runNames } from '../../guest/bootstrapper/protocol.ts'
import { failedRequestDirectory, realPath, webLogDirectory } from '../../guest/contract/guest-paths.ts'
import { hostedSite, sitesOf } from '../../guest/iis-configurator/sites-of.ts'
import { systemWords } from '../../kernel/system-words.ts'
import { assembliesOf } from '../../machine/dotnet/find-assembly.ts'
import { briefCrash, smallMono } from '../../machine/dotnet/mono.ts'
import { ignoringCase } from '../../machine/guest-os/find-file.ts'
import { machineKeyOf } from '../../machine/guest-os/machine-key.ts'
import { openListener } from '../../machine/http-sys/open-listener.ts'
import { roleVariables } from '../contract/variables.ts'
import { programSockets } from '../contract/web-request.ts'
import { sharedRoleEnvironment } from '../runtime/shared-role-environment.ts'
import { driverTable } from '../w3wp/driver-table.ts'
import { sayingFaults } from '../w3wp/say-once.ts'
import { requestServer } from '../w3wp/serve-request.ts'
import { workerServer } from '../w3wp/worker-server.ts'
import { runEntryPoint } from '../worker-host/run-entry-point.ts'

const run = dirname(process.env[roleVariables.runtimeEndpoint] ?? '')
const { settings, owner, instance, roleRoot, certificates } = JSON.parse(
  readFileSync(join(run, runNames.start), 'utf8'),
) as BootstrapperStart
const real = (logical: string) => realPath(settings.root, logical) as string
const environment = sharedRoleEnvironment()
const { currentRoleInstance } = environment
const served = sitesOf([hostedSite(currentRoleInstance)], {
  instance: currentRoleInstance,
  certificates,
  logDirectory: real(webLogDirectory(owner)),
  traceDirectory: real(failedRequestDirectory(owner)),
  find: (path) => ignoringCase(roleRoot, path),
})
if (!served.ok) throw new Error(served.fault.message)
const host = { ...served.value, config: { file: 'applicationHost.config', places: [] } }

const say = (line: string) => console.log(`[${new Date().toISOString()}] ${line}`)
const socket = join(run, 'p0')
const directory = programSockets(socket)
for (const left of [socket, directory]) rmSync(left, { recursive: true, force: true })
mkdirSync(directory, { mode: 0o700 })
process.env[roleVariables.assemblies] = assembliesOf(settings)
const drivers = driverTable({
  pool: instance,
  directory,
  say,
  machineKey: (await machineKeyOf(settings))?.markup,
})
const inside = workerServer(requestServer(host, drivers, say, instance), sayingFaults(say))
inside.listen(socket)
await once(inside, 'listening')

const { httpSys, flush } = await openListener({
  settings,
  owner,
  instance,
  localResources: currentRoleInstance.localResources,
  wanted: () => {},
})
httpSys.addProcess(0, socket)
httpSys.setDoors(
  new Map(host.pools.map(({ name, queueLength }) => [name, { kind: 'open', process: 0, queueLength }] as const)),
)
const problems = await httpSys.serve(host)
if (problems.length > 0) throw new Error(problems.join(' '))

const { [roleVariables.roleHost]: roleHost, [roleVariables.entryPoint]: library = '' } = process.env
if (roleHost === undefined) await runEntryPoint('WaWebHost')
let stopped: Promise<void> | undefined
environment.on('stopping', () => {
  stopped = stop()
  return stopped
})
if (roleHost !== undefined) await runLibrary(roleHost)

async function stop(): Promise<void> {
  await httpSys.drain(settings.timers.drainLimit)
  await drivers.close()
  flush()
  rmSync(directory, { recursive: true, force: true })
}

/**
 * In this process group, and so ended with it. Never resolves: this process ends in the same way as that one, because the bootstrapper
 * reports why.
 */
async function runLibrary(program: string): Promise<never> {
  const mono = spawn('mono', [...smallMono, program, 'WaWebHost', library], {
    stdio: 'inherit',
    env: { ...process.env, ...briefCrash },
  })
  mono.once('error', (error) => {
    say(`mono cannot be started: ${systemWords(error)}.`)
    process.exit(1)
  })
  const { promise, resolve } = Promise.withResolvers<readonly [number | null, NodeJS.Signals | null]>()
  mono.once('exit', (...ended) => resolve(ended))
  const [code, signal] = await promise
  await (stopped ?? stop())
  if (signal !== null) process.kill(process.pid, signal)
  return process.exit(code ?? 1)
}
