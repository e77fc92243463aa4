/**
 * WaWebHost: a web role without Sites, in hosted web core (I-21, I-22). One process holds the entry point, the listener of the role's http and
 * https endpoints, and the site, whose root is `approot`; when it ends the role is started again.
 */
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type BootstrapperStart, runNames } from '../../guest/bootstrapper/protocol.ts'
import { realPath, webLogDirectory } from '../../guest/contract/guest-paths.ts'
import { hostedSite, sitesOf } from '../../guest/iis-configurator/sites-of.ts'
import { assembliesOf } from '../../machine/dotnet/find-assembly.ts'
import { ignoringCase } from '../../machine/guest-os/find-file.ts'
import { machineKeyOf } from '../../machine/guest-os/machine-key.ts'
import { openListener } from '../../machine/http-sys/open-listener.ts'
import { machineKeyElement } from '../../service-model/application-host/machine-key.ts'
import { roleVariables } from '../contract/variables.ts'
import { programSockets } from '../contract/web-request.ts'
import { sharedRoleEnvironment } from '../runtime/shared-role-environment.ts'
import { driverTable } from '../w3wp/driver-table.ts'
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
  machineKey: machineKeyElement(await machineKeyOf(settings)).markup,
})
const inside = workerServer(requestServer(host, drivers, say))
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

await runEntryPoint('WaWebHost')
environment.on('stopping', async () => {
  await httpSys.drain(settings.timers.drainLimit)
  await drivers.close()
  flush()
  rmSync(directory, { recursive: true, force: true })
})
